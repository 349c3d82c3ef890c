"""Keys and tokens of clouds and services, by the prefixes that their issuers document so that scanners find them.

Sources: AWS IAM user guide (unique identifiers), Google Cloud API keys, Microsoft identity platform, Alibaba Cloud RAM,
Tencent Cloud CAM, GitHub "Behind GitHub's new authentication token formats", GitLab token overview, Slack token types,
Stripe API keys, OpenAI and Anthropic consoles, npm and PyPI announcements, RFC 7519 for JSON web tokens.
"""

from __future__ import annotations

from typing import Final

from dlp_proxy.detect.detector import DetectorSpec, Examples, Ignore, Near, Pattern
from dlp_proxy.model.finding import Confidence

_W: Final = "[A-Za-z0-9_-]"

_PATTERNS: Final[tuple[tuple[str, str], ...]] = (
    ("aws-access-key", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}"),
    (
        "aws-secret-key",
        (r"(?i:aws|secret)(?i:[_ .-]?(?:secret|access)){0,2}[_ .-]?(?i:key)[\"']?\s{0,3}[:=]>?\s{0,3}[\"']?"
        r"(?P<value>(?=[^\s\"']{0,39}[0-9])(?=[^\s\"']{0,39}[A-Z])(?=[^\s\"']{0,39}[a-z])[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"),
    ),
    ("aws-bedrock-key", r"ABSK[A-Za-z0-9+/]{100,180}={0,2}"),
    ("google-api-key", rf"AIza{_W}{{35}}"),
    ("google-oauth-secret", rf"GOCSPX-{_W}{{28}}"),
    ("google-oauth-token", rf"ya29\.{_W}{{30,400}}"),
    ("azure-storage-key", r"AccountKey=(?P<value>[A-Za-z0-9+/]{86}==)"),
    ("azure-shared-access-key", r"SharedAccessKey=(?P<value>[A-Za-z0-9+/]{43}=)"),
    ("azure-sas", r"(?<=[?&;])sig=(?P<value>[A-Za-z0-9%+/]{43,90}(?:%3[Dd]|=))"),
    ("azure-client-secret", r"[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}"),
    ("aliyun-access-key", r"LTAI[A-Za-z0-9]{12,20}"),
    ("tencent-secret-id", r"AKID[A-Za-z0-9]{32}"),
    ("huawei-access-key", r"HPUA[A-Z0-9]{16}"),
    ("github-token", r"gh[pousr]_[A-Za-z0-9]{36,255}"),
    ("github-fine-grained", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    ("gitlab-token", rf"gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|oas|soat|ffct)-{_W}{{20,60}}"),
    ("slack-token",
        r"xox[abeoprs]-(?:[0-9]{1,15}-){1,4}[A-Za-z0-9-]{10,160}|xapp-1-[A-Z0-9]{9,14}-[0-9]{9,15}-[a-f0-9]{64}"),
    ("slack-webhook", r"hooks\.slack\.com/services/(?P<value>T[A-Z0-9]{8,12}/B[A-Z0-9]{8,12}/[A-Za-z0-9]{20,28})"),
    ("stripe-key", r"(?:sk|rk)_live_[A-Za-z0-9]{16,120}|whsec_[A-Za-z0-9+/]{32,64}"),
    ("openai-key", rf"sk-(?:proj|svcacct|admin)-{_W}{{40,200}}|sk-[A-Za-z0-9]{{20}}T3BlbkFJ[A-Za-z0-9]{{20}}"),
    ("anthropic-key", rf"sk-ant-(?:api|admin|oat|sid)[0-9]{{2}}-{_W}{{60,120}}"),
    ("deepseek-style-key", r"sk-(?=[a-z0-9]{0,31}[0-9])(?=[0-9]{0,31}[a-z])[a-z0-9]{32}"),
    ("hugging-face-token", r"hf_[A-Za-z]{34}"),
    ("npm-token", r"npm_[A-Za-z0-9]{36}"),
    ("pypi-token", rf"pypi-AgE{_W}{{50,400}}"),
    ("docker-token", rf"dckr_(?:pat|oat)_{_W}{{27,36}}"),
    ("sendgrid-key", rf"SG\.{_W}{{22}}\.{_W}{{43}}"),
    ("shopify-token", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("digitalocean-token", r"do[oprt]_v1_[0-9a-f]{64}"),
    ("telegram-bot-token", rf"api\.telegram\.org/bot(?P<value>[0-9]{{8,10}}:AA{_W}{{33}})"),
    ("discord-webhook", rf"discord(?:app)?\.com/api/webhooks/(?P<value>[0-9]{{17,20}}/{_W}{{60,80}})"),
    ("feishu-webhook", r"open\.feishu\.cn/open-apis/bot/v2/hook/(?P<value>[0-9a-f-]{36})"),
    ("dingtalk-webhook", r"oapi\.dingtalk\.com/robot/send\?access_token=(?P<value>[0-9a-f]{64})"),
    ("wecom-webhook", r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=(?P<value>[0-9a-f-]{36})"),
    ("vault-token", rf"hv[sbr]\.{_W}{{24,300}}"),
    ("databricks-token", r"dapi[0-9a-f]{32}"),
    ("age-key", r"AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
)  # fmt: skip

DETECTOR: Final = DetectorSpec(
    name="std/cloud-key",
    kind="credential",
    description="Access keys and tokens of clouds, code hosts, chats, payment and model services.",
    patterns=(
        *(Pattern(pattern, name) for name, pattern in _PATTERNS),
        # A signed web token is a session, not a key: it ends by itself, and ordinary traffic is full of them.
        Pattern(rf"eyJ{_W}{{15,1000}}+\.eyJ{_W}{{15,3000}}+\.{_W}{{20,700}}+", "json-web-token", Confidence.MEDIUM),
    ),
    boundary="word",
    case="exact",
    confidence=Confidence.HIGH,
    near=(
        Near(
            ("sha1", "sha256", "sha512", "integrity", "checksum", "etag", "digest", "commit"),
            "field-name",
            Confidence.LOW,
        ),
    ),
    ignore=Ignore(
        patterns=(
            r".*EXAMPLE.*",
            r"(?i).*(?:x{6}|(?:0123456789|1234567890)(?:abcdef|ABCDEF)|your[_-]|<|\*{4}|placeholder|redacted).*",
            r".*(.)\1{7}.*",
        )
    ),
    sample="LTAI5tQwErTyUiOp{n:4}",
    examples=Examples(
        match=("key=AKIAQWERTYUIOP234567", "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"),
        no_match=("AKIAIOSFODNN7EXAMPLE", "akiaqwertyuiop234567", "ghp_short"),
    ),
)
