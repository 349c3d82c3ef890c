"""The telephone numbering plan of mainland China as data: segments of mobiles, area codes of towns, short codes.

Sources: the MIIT's administration of the telephone network's code numbers (2003, with the grants of segments since) as
ITU-T publishes it for +86; area codes and the length of numbers behind each were read off the metadata of
libphonenumber 9.0.43 (Apache-2.0).
"""

from __future__ import annotations

from typing import Final

import regex

MOBILE: Final = r"1(?:(?:3[0-9]|4[5-9]|5[0-35-9]|6[25-7]|7[0-8]|8[0-9]|9[0-35-9])[0-9]|610)[0-9]{7}"
"""A mobile number: eleven digits.

The four carriers have 13x, 145, 147, 150-153, 155-159, 166, 173, 175-178, 18x, 190-193, 195-199; virtual operators
resell 162, 165, 167, 170 and 171 (whose numbers also serve as privacy numbers), 172 is used for both; 174 is
satellite, and taken whole though not all of it is given out. Data segments: 145, 147 and 149 are data cards, which
send and receive short messages and stand in orders like any other; 146 and 148 are machines' but have eleven digits
and were sold to people too: a customer who is missed costs more than a router that is found. 140, 141, 142, 143, 144
and 10648 have thirteen digits, belong to machines only, and are left out.
"""

_AREAS_8: Final = (
    "10 20 21 22 23 24 25 27 28 29 311 371 377 379 411 431 432 451 510 511 512 513 514 515 516 517 518 "
    "519 523 527 531 532 551 571 573 574 575 576 577 579 591 595 731 755 757 760 769 791 871 898 "
)
AREAS_8: Final = tuple(_AREAS_8.split())
"""Area codes without their 0 whose numbers have eight digits."""

_AREAS_7: Final = (
    "310 312 313 314 315 316 317 318 319 335 349 350 351 352 353 354 355 356 357 358 359 370 372 373 374 "
    "375 376 391 392 393 394 395 396 398 412 415 416 417 418 419 421 427 429 434 436 437 438 439 452 453 "
    "454 455 456 457 458 459 464 467 468 469 470 471 472 473 474 475 476 477 478 479 482 483 530 533 534 "
    "535 536 537 538 539 543 546 550 552 553 554 555 556 557 558 559 561 562 563 564 566 570 572 578 580 "
    "592 593 594 596 597 598 599 631 632 633 635 660 662 663 668 691 692 701 710 711 712 713 714 715 716 "
    "717 718 719 722 724 728 730 734 735 736 737 738 739 743 744 745 746 750 751 752 753 756 758 759 762 "
    "763 766 768 770 771 772 773 774 775 776 777 778 779 790 792 793 794 795 796 797 798 799 812 813 816 "
    "817 818 825 826 827 830 831 832 833 834 835 836 837 838 839 854 855 856 857 858 859 870 872 873 874 "
    "875 876 877 878 879 883 886 887 888 891 892 893 894 895 896 897 901 902 903 906 908 909 911 912 913 "
    "914 915 916 917 919 930 931 932 933 934 935 936 937 938 939 941 943 951 952 953 954 955 970 971 972 "
    "973 974 975 976 977 978 979 990 991 992 993 994 995 996 997 998 999 "
)
AREAS_7: Final = tuple(_AREAS_7.split())
"""Area codes whose numbers have seven digits."""

_AREAS_EITHER: Final = "433 435 754 851 410 413 414 732 733 852 853 890 899 910 "
AREAS_EITHER: Final = tuple(_AREAS_EITHER.split())
"""Area codes with numbers of both lengths: towns that took in neighbours, and codes that were given up and are still in
old address books (Tieling, Fushun, Benxi, Xiangtan, Zhuzhou, Zunyi, Anshun, Hainan, Xianyang)."""

BRITISH: Final = regex.compile(r"\(?02[03489]\)? [0-9]{4} [0-9]{4}")
"""020, 023, 024, 028 and 029 are area codes of Britain too, and these are the spaces that numbers have there."""
