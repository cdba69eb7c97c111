"""Rows of the access table for the editing area: doors that we have hung in it, and Wagtail's own
that lead to what only some of the staff may know.

Who may not enter the editing area finds nothing; who may, but has no right there, is sent back or
finds nothing, too.
"""

from __future__ import annotations

from tests.access_table import MEMBER, get

SENT_BACK = "erin dana pam 302, "

INSIDE = [
    get("search_report", "", MEMBER + "ed root 200, 404"),
    get("search_report", "", MEMBER + "ed root 200, 404", show="all", days="365", export="csv"),
    get("search_report_results", "", MEMBER + "ed root 200, 404"),
    get("kb_draft", "", MEMBER + "ed root 302, 404", title="kestrel"),
    get("kb_draft_in", "section.pk", MEMBER + "ed root 200, 404", title="kestrel"),
    *(
        get(f"wagtailsnippets_search_pin:{door}", "", MEMBER + "ed root 200, 404")
        for door in ("list", "list_results", "add")
    ),
    *(
        get(f"wagtailsnippets_search_synonymgroup:{door}", "", MEMBER + f"ed root 200, {rest}404")
        for door, rest in (("list", SENT_BACK), ("list_results", SENT_BACK), ("add", ""))
    ),
    *(
        get(f"wagtailsnippetchoosers_search_{name}:choose", "", MEMBER + "ed root 200, 404")
        for name in ("pin", "synonymgroup")
    ),
    *(
        get(f"wagtailsnippetchoosers_accounts_{name}:{door}", "", MEMBER + "dana root 200, 404")
        for name in ("user", "organisation")
        for door in ("choose", "choose_results")
    ),
    get("wagtailsnippetchoosers_accounts_organisation:chosen", "cast.acme.pk",
        MEMBER + "dana root 200, 404"),
    # Their names stand on public pages.
    get("wagtailsnippetchoosers_accounts_plan:choose", "",
        MEMBER + "ed root erin dana pam 200, 404"),
    get("wagtailsnippetchoosers_products_product:choose", "",
        MEMBER + "ed root erin dana pam 200, 404"),
    get("wagtailsnippetchoosers_products_tag:choose", "", MEMBER + "erin root 200, 404"),
    get("wagtail_localize:snippets_api_listing", "'accounts' 'organisation'",
        MEMBER + "dana root 200, 404"),
    get("wagtail_localize:snippets_api_detail", "'accounts' 'organisation' cast.acme.pk",
        MEMBER + "dana root 200, 404"),
    get("wagtail_localize:snippets_api_listing", "'no' 'model'", MEMBER + "404"),
    get("wagtailadmin_error_test", "", MEMBER + "404"),
    get("wagtailsnippets_accounts_organisation:list", "",
        MEMBER + "dana root 200, ed erin pam 302, 404"),
    get("wagtailsnippets_accounts_user:list", "", MEMBER + "dana root 200, ed erin pam 302, 404",
        q="nobody at all"),
    get("wagtailadmin_explore", "section.pk", MEMBER + f"ed root 200, {SENT_BACK}404"),
    get("wagtailadmin_pages:history", "staff_article.pk", MEMBER + f"ed root 200, {SENT_BACK}404"),
    get("wagtailadmin_pages:usage", "staff_article.pk", MEMBER + f"ed root 200, {SENT_BACK}404"),
    get("wagtailadmin_pages:view_draft", "draft_article.pk",
        MEMBER + f"ed root 200, {SENT_BACK}404"),
]  # fmt: skip

EXTRA_INSIDE = [
    "/admin/choose-page/",
    "/admin/images/chooser/",
    "/admin/documents/chooser/",
    "/admin/images/",
    "/admin/workflows/task_chooser/",
    "/admin/snippets/choose/accounts/user/results/?q=people.example",
    "/admin/snippets/choose/products/tag/",
    "/admin/localize/api/snippets/accounts/user/",
    "/admin/search/pins/?q=kestrel",
    "/admin/search/synonyms/?q=kestrel",
    "/admin/reports/searches/?show=all&days=365&language=en",
    "/admin/reports/page-types-usage/",
    "/admin/reports/workflow/",
    "/admin/reports/locked/",
]
