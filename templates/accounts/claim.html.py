BBBBBBB BBBBBBBBBBB
BBBB BBBB
BBBBB BBBBB gettext(u'Your posts') BBBBBBBB
BBBBB BBBBBBXXXXXXXXXXBBBBBBBB
BBBBB BBBBXXXXX XXXXXXXXXXXXX XXXXXXXXXXXXXXXXXXBBBBBBBB
BBBBB BBBBBBB
    BB BBBBBB
        XXXX gettext(u'Are you %(name)s?') SSS SSS SSSSSSSSSXXXXX
        XXX gettext(u'The posts under this name were brought over from another place. Take the account over, and they are yours: answers reach you at %(email)s.') SSS SSSSS SSSSS SSSS SSSS SSSS SSSSSSS SSSS SSSS SSSSSSS SSSSSS SSSS SSS SSSSSSS SSSSS SSS SSSS SSS SSSSSS SSSSSSS SSSSS SSS SS SSSSSSSSSSXXXX
        XXXXX XXXXXXXXXXXXXX
            BBBBBBBBBB
            XXXXXXX XXXXXXXXXX XXXXXXXXXXXXX XXXXXXXXXXXXXX gettext(u'Take the account over') XXXXXXXXX
        XXXXXXX
    BBBB
        XXXX gettext(u'This link is no longer valid') XXXXX
        XXX gettext(u'It was used, or is older than 14 days. Ask support for a new one.') XXXX
        XXXXX XXXXXXXXXX XXXXXXXXXXXXX XXXXXXBBB BBBBBBBBBBBBXX gettext(u'To the home page') XXXXXXXX
    BBBBB
BBBBBBBB
