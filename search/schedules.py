from __future__ import annotations

from datetime import timedelta

from common.jobs import schedule
from search import tasks
from search.editing.tasks import forget_old_searches
from search.semantic import tasks as semantic

schedule("search.statistics", tasks.refresh_statistics, every=timedelta(days=1))
schedule("search.renew", tasks.renew, every=timedelta(minutes=10))
schedule("search.tidy", tasks.tidy, every=timedelta(days=1))
schedule("search.forget", forget_old_searches, every=timedelta(days=1))
schedule("search.feed", tasks.feed, every=timedelta(minutes=1))
schedule("search.embed", semantic.embed, every=timedelta(minutes=1))
