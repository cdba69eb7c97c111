# Two commands do everything; both are thin wrappers around scripts/dev.py.
.PHONY: start test

start:
	@python3 scripts/dev.py start

test:
	@python3 scripts/dev.py test
