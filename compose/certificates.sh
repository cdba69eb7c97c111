#!/usr/bin/env bash
# A certificate authority and the certificate of the one node, in the volume that both sides read.
set -euo pipefail
cd /usr/share/elasticsearch/config/certificates
tool=/usr/share/elasticsearch/bin/elasticsearch-certutil

if [ ! -s ca/ca.crt ]; then
    rm -rf ca ca.zip
    "$tool" ca --silent --pem --days 3650 --out "$PWD/ca.zip"
    unzip -q ca.zip && rm ca.zip
fi
if [ ! -s elasticsearch/elasticsearch.crt ]; then
    rm -rf elasticsearch node.zip
    "$tool" cert --silent --pem --days 3650 --name elasticsearch \
        --dns elasticsearch --dns localhost --ip 127.0.0.1 \
        --ca-cert ca/ca.crt --ca-key ca/ca.key --out "$PWD/node.zip"
    unzip -q node.zip && rm node.zip
fi
# The site reads the authority's certificate, the node its key through its group, others nothing.
chown -R root:root .
chmod 755 . ca elasticsearch
chmod 600 ca/ca.key
chmod 640 elasticsearch/elasticsearch.key
chmod 644 ca/ca.crt elasticsearch/elasticsearch.crt
