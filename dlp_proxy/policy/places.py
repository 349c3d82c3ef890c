"""Lists of hosts that come with the program: where staff can carry data to by themselves.

Each host is one that the service's own sign-in or upload pages and published API references name; written down from
them on the day in `AS_OF`. Hosts change: take a list as a beginning, watch what the log says, and name your own
them on the day in `AS_OF`. Hosts change: beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

AS_OF: Final = "2026-11-24"


@dataclass(frozen=True, slots=True)
class Places:
    """A list. `hosts` are patterns as policies write them; `*.x` is every host below x."""

    description: str
    hosts: tuple[str, ...]


def _hosts(text: str) -> tuple[str, ...]:
    """Return the hosts of lines ``service: host host``."""
    return tuple(dict.fromkeys(host for line in text.strip().splitlines() for host in line.partition(":")[2].split()))


_WEBMAIL: Final = """
QQ Mail and Tencent Exmail: mail.qq.com wx.mail.qq.com w.mail.qq.com set1.mail.qq.com set2.mail.qq.com
QQ Mail and Tencent Exmail: exmail.qq.com *.exmail.qq.com
NetEase 163, 126, yeah, 188: mail.163.com *.mail.163.com mail.126.com *.mail.126.com mail.yeah.net *.mail.yeah.net
NetEase 163, 126, yeah, 188: mail.188.com qiye.163.com *.qiye.163.com
Sina: mail.sina.com.cn *.mail.sina.com.cn mail.sina.cn
Sohu: mail.sohu.com *.mail.sohu.com
Aliyun: mail.aliyun.com qiye.aliyun.com
China Mobile 139: mail.10086.cn *.mail.10086.cn
China Telecom 189: webmail30.189.cn mail.189.cn
21CN: mail.21cn.com
TOM: mail.tom.com
Gmail: mail.google.com inbox.google.com
Outlook.com: outlook.live.com outlook.office.com outlook.office365.com outlook.com hotmail.com
Yahoo: mail.yahoo.com *.mail.yahoo.com mail.yahoo.co.jp
iCloud: www.icloud.com
Proton: mail.proton.me account.proton.me
Tuta: app.tuta.com mail.tutanota.com
Yandex: mail.yandex.com mail.yandex.ru
Mail.ru: e.mail.ru mail.ru
GMX and WEB.DE: www.gmx.net *.gmx.net www.gmx.com web.de *.web.de
Zoho: mail.zoho.com mail.zoho.eu mail.zoho.com.cn
AOL: mail.aol.com
Fastmail: app.fastmail.com www.fastmail.com
Naver and Daum: mail.naver.com mail.daum.net
"""

_CHAT: Final = """
WeChat: web.wechat.com wx.qq.com wx2.qq.com web2.wechat.com *.web.wechat.com file.wx.qq.com file.wx2.qq.com
WeChat: szfilehelper.weixin.qq.com filehelper.weixin.qq.com
QQ: web.qq.com w.qq.com
WeCom: work.weixin.qq.com
DingTalk: im.dingtalk.com *.dingtalk.com
Feishu and Lark: www.feishu.cn *.feishu.cn www.larksuite.com *.larksuite.com
Weibo: api.weibo.com weibo.com *.weibo.com
Telegram: web.telegram.org *.web.telegram.org api.telegram.org
WhatsApp: web.whatsapp.com *.whatsapp.net
Slack: slack.com *.slack.com files.slack.com
Discord: discord.com *.discord.com discordapp.com *.discordapp.com
Teams (personal): teams.live.com
LINE: line.me *.line.me
Messenger: www.messenger.com *.messenger.com
Signal: *.signal.org
Skype: web.skype.com *.skype.com
KakaoTalk: *.kakao.com
Zalo: chat.zalo.me
"""

_FILE_DROPS: Final = """
Baidu Netdisk: pan.baidu.com yun.baidu.com *.pcs.baidu.com pcs.baidu.com
Alibaba Drive: www.aliyundrive.com *.aliyundrive.com www.alipan.com *.alipan.com *.aliyundrive.net
Quark: pan.quark.cn *.quark.cn drive.quark.cn
115: 115.com *.115.com
123 Pan: www.123pan.com *.123pan.com www.123684.com *.123684.com
Tencent Weiyun: www.weiyun.com *.weiyun.com
China Telecom Cloud: cloud.189.cn *.cloud.189.cn
China Mobile Cloud: yun.139.com *.yun.139.com caiyun.139.com
China Unicom Cloud: pan.wo.cn *.pan.wo.cn
Lanzou: *.lanzou.com *.lanzous.com *.lanzoui.com *.lanzoux.com up.woozooo.com *.woozooo.com
CTFile: www.ctfile.com *.ctfile.com
Nutstore: www.jianguoyun.com *.jianguoyun.com dav.jianguoyun.com
CowTransfer: cowtransfer.com *.cowtransfer.com
WenShuShu: www.wenshushu.cn *.wenshushu.cn
Airportal: airportal.cn *.airportal.cn
MuseTransfer: musetransfer.com *.musetransfer.com
Xunlei: pan.xunlei.com *.pan.xunlei.com
Dropbox: www.dropbox.com *.dropbox.com *.dropboxapi.com *.dropboxusercontent.com
Google Drive: drive.google.com docs.google.com *.drive.google.com
Google Photos: photos.google.com
OneDrive (personal): onedrive.live.com 1drv.ms api.onedrive.com *.storage.live.com *.1drv.com
iCloud Drive: *.icloud-content.com
Box: *.box.com box.com *.boxcloud.com
MEGA: mega.nz *.mega.nz mega.io *.mega.co.nz mega.co.nz
MediaFire: www.mediafire.com *.mediafire.com
pCloud: *.pcloud.com *.pcloud.link
WeTransfer: wetransfer.com *.wetransfer.com we.tl *.wetransfer.net
Smash: fromsmash.com *.fromsmash.com
SwissTransfer: www.swisstransfer.com *.swisstransfer.com
SendGB: www.sendgb.com *.sendgb.com
Gofile: gofile.io *.gofile.io
file.io and its like: file.io www.file.io 0x0.st transfer.sh temp.sh tmpfiles.org catbox.moe *.catbox.moe
file.io and its like: bashupload.com filebin.net
Pixeldrain: pixeldrain.com *.pixeldrain.com
Krakenfiles: krakenfiles.com *.krakenfiles.com
1fichier: 1fichier.com *.1fichier.com
Uploadcare and Filestack: upload.uploadcare.com www.filestackapi.com
Yandex Disk: disk.yandex.com disk.yandex.ru *.disk.yandex.net
Proton Drive: drive.proton.me
Sync.com: *.sync.com
Icedrive: icedrive.net *.icedrive.net
Jumpshare: jumpshare.com *.jumpshare.com
Firefox Send heirs: send.vis.ee send.tresorit.com
Tresorit: web.tresorit.com *.tresorit.com
Wormhole: wormhole.app *.wormhole.app
"""

_LLM: Final = """
OpenAI: chatgpt.com *.chatgpt.com chat.openai.com api.openai.com *.oaiusercontent.com
Anthropic: claude.ai *.claude.ai api.anthropic.com
Google: gemini.google.com aistudio.google.com generativelanguage.googleapis.com notebooklm.google.com
Microsoft: copilot.microsoft.com *.copilot.microsoft.com www.bing.com
DeepSeek: chat.deepseek.com *.deepseek.com
Doubao: www.doubao.com *.doubao.com *.volces.com
Qwen: tongyi.aliyun.com qianwen.aliyun.com chat.qwen.ai www.tongyi.com *.tongyi.com dashscope.aliyuncs.com
Yiyan: yiyan.baidu.com *.yiyan.baidu.com qianfan.baidubce.com
Kimi: kimi.moonshot.cn www.kimi.com kimi.com *.moonshot.cn
Zhipu: chatglm.cn *.chatglm.cn open.bigmodel.cn chat.z.ai
Yuanbao and Hunyuan: yuanbao.tencent.com hunyuan.tencent.com *.hunyuan.tencentcloudapi.com
Xinghuo: xinghuo.xfyun.cn *.xfyun.cn
MiniMax: hailuoai.com *.minimax.chat *.minimaxi.com
Baichuan and Stepfun: ying.baichuan-ai.com *.stepfun.com yuewen.cn
Metaso: metaso.cn
Perplexity: www.perplexity.ai api.perplexity.ai
Mistral: chat.mistral.ai api.mistral.ai
xAI: grok.com x.ai api.x.ai
Meta: www.meta.ai
Poe: poe.com *.poe.com
Character and You: character.ai you.com
Hugging Face: huggingface.co *.huggingface.co *.hf.space
Groq, Together, OpenRouter: api.groq.com api.together.xyz openrouter.ai
Cohere: api.cohere.com dashboard.cohere.com
DeepL: www.deepl.com *.deepl.com
Grammarly: *.grammarly.com
"""

_CODE_HOSTS: Final = """
GitHub: github.com *.github.com uploads.github.com *.githubusercontent.com
GitLab: gitlab.com *.gitlab.com
Bitbucket: bitbucket.org *.bitbucket.org
Gitee: gitee.com *.gitee.com
CODING: coding.net *.coding.net
Alibaba Codeup: codeup.aliyun.com
GitCode: gitcode.com *.gitcode.com gitcode.net
JihuLab: jihulab.com
Codeberg: codeberg.org
SourceForge: sourceforge.net *.sourceforge.net
Azure DevOps: dev.azure.com *.visualstudio.com
sourcehut: git.sr.ht
Replit, CodeSandbox, StackBlitz: replit.com *.replit.com codesandbox.io *.codesandbox.io stackblitz.com
Package registries that take uploads: upload.pypi.org registry.npmjs.org
"""

_PASTE_SITES: Final = """
Pastebin: pastebin.com *.pastebin.com
GitHub Gist: gist.github.com
Rentry: rentry.co rentry.org
Hastebin and Toptal: hastebin.com www.toptal.com
Ubuntu: paste.ubuntu.com dpaste.org dpaste.com
Debian, Fedora, openSUSE: paste.debian.net paste.fedoraproject.org paste.opensuse.org
ControlC, JustPaste: controlc.com justpaste.it
PrivateBin: privatebin.net *.privatebin.net
Ghostbin and 0bin: ghostbin.com 0bin.net
termbin, ix, sprunge: termbin.com ix.io sprunge.us
Netcut: netcut.cn
Notes.io, Pastelink: notes.io pastelink.net
Telegraph: telegra.ph
Codepad, ideone: codepad.org ideone.com
JSFiddle, CodePen: jsfiddle.net codepen.io
Mock and webhook catchers: webhook.site requestbin.com *.requestbin.com *.pipedream.net *.beeceptor.com *.ngrok.io
Mock and webhook catchers: *.ngrok.app *.ngrok-free.app *.trycloudflare.com
"""

_DOCUMENTS: Final = """
Tencent Docs: docs.qq.com *.docs.qq.com
WPS and Kdocs: www.kdocs.cn *.kdocs.cn *.wps.cn
Shimo: shimo.im *.shimo.im
Yuque: www.yuque.com *.yuque.com
Youdao and Evernote: note.youdao.com www.yinxiang.com *.yinxiang.com www.evernote.com *.evernote.com
Notion: www.notion.so *.notion.so *.notion.site
Google Docs and Forms: docs.google.com forms.gle
Airtable: airtable.com *.airtable.com
Questionnaires: www.wjx.cn *.wjx.cn wj.qq.com jinshuju.net *.jinshuju.net *.typeform.com *.surveymonkey.com
Trello and Atlassian: trello.com *.trello.com
"""

STANDARD_PLACES: Final[dict[str, Places]] = {
    "std/webmail": Places("Mail in a browser: private accounts.", _hosts(_WEBMAIL)),
    "std/chat": Places("Chat in a browser and the file servers of chat programs.", _hosts(_CHAT)),
    "std/file-drops": Places("Network disks and places to drop a file.", _hosts(_FILE_DROPS)),
    "std/llm": Places("AI assistants and their APIs.", _hosts(_LLM)),
    "std/code-hosts": Places("Hosts of source code.", _hosts(_CODE_HOSTS)),
    "std/paste-sites": Places("Paste sites, and catchers of web requests.", _hosts(_PASTE_SITES)),
    "std/documents": Places("Documents, notes and forms that many people write.", _hosts(_DOCUMENTS)),
}
"""Name -> list, for `to`, `not_to` and `categories`."""

CATEGORIES: Final = tuple(name.removeprefix("std/") for name in STANDARD_PLACES)
