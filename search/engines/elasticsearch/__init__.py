"""The engine for sites that outgrow one machine: analysed here, kept and counted by Elasticsearch.

`encoding` makes a document of terms and weights, `outbox` and `building` bring it there,
`asking` and `searching` ask for it, `engine` answers from `sql` when nobody is there.
Vectors of a semantic extra belong beside the weights: a field in `mapping`, filled in
`encoding`, its score added where `searching` looks closely at the best.
"""
