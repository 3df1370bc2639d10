/// What an image or an engine is, by its name.
enum Technology {
    private static let images: [(part: String, technology: String)] = [
        ("postgres", "postgresql"), ("postgis", "postgresql"), ("timescale", "postgresql"), ("pgvector", "postgresql"),
        ("mysql", "mysql"), ("mariadb", "mysql"), ("percona", "mysql"), ("redis", "redis"), ("valkey", "redis"),
        ("mongo", "mongodb"), ("rabbitmq", "rabbitmq"), ("kafka", "kafka"), ("redpanda", "kafka"),
        ("elasticsearch", "elasticsearch"), ("opensearch", "elasticsearch"), ("minio", "s3"),
        ("memcached", "memcached"),
        ("influxdb", "influxdb"), ("cassandra", "cassandra"), ("clickhouse", "clickhouse"), ("vault", "vault"),
        ("etcd", "etcd"), ("mssql", "sql-server"), ("neo4j", "neo4j"), ("nats", "nats"), ("couchdb", "couchdb"),
    ]
    /// Programs that only have a store's name in theirs.
    private static let besides = [
        "exporter", "admin", "commander", "express", "ui", "dashboard", "kibana", "operator", "backup", "insight",
    ]

    /// The store that an image is, by the last part of its name: `postgresql` for `docker.io/bitnami/postgresql:16`.
    static func store(image: String) -> String? {
        let name = repository(image).lowercased()
        guard !besides.contains(where: name.contains) else { return nil }
        return images.first { name.contains($0.part) }?.technology
    }

    /// `web` for `registry:5000/team/web:1.2@sha256:…`
    static func repository(_ image: String) -> String {
        let plain = image.prefix { $0 != "@" }
        let last = plain.split(separator: "/").last ?? plain
        return String(last.prefix { $0 != ":" })
    }

    static func words(_ technology: String) -> String {
        [
            "postgresql": "PostgreSQL", "mysql": "MySQL", "redis": "Redis", "mongodb": "MongoDB",
            "rabbitmq": "RabbitMQ",
            "kafka": "Kafka", "elasticsearch": "Elasticsearch", "s3": "S3", "dynamodb": "DynamoDB", "sqs": "SQS",
            "sns": "SNS", "sqlite": "SQLite", "sql": "SQL database", "secretsmanager": "Secrets Manager",
            "ssm": "Parameter Store", "kinesis": "Kinesis", "gcs": "Cloud Storage", "azure-blob": "Blob Storage",
            "vault": "Vault",
        ][technology] ?? technology
    }

    /// Services of clouds, which stand outside of what the repository starts.
    static let clouds: Set<String> = [
        "s3", "dynamodb", "sqs", "sns", "secretsmanager", "ssm", "kinesis", "rds-data", "gcs", "azure-blob",
    ]
    /// What lies on the process's own disk.
    static let local: Set<String> = ["sqlite"]
    static let secretStores: Set<String> = ["secretsmanager", "ssm", "vault"]
}

/// Names of variables, and hosts in their values. The values themselves go no further.
enum Variables {
    static func isPassword(_ key: String) -> Bool {
        let key = key.uppercased()
        guard !key.hasSuffix("_FILE"), !key.contains("ALLOW_"), !key.contains("PUBLIC") else { return false }
        return ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "API_KEY", "APIKEY", "PRIVATE_KEY", "ACCESS_KEY"].contains {
            key.hasSuffix($0)
        }
    }

    /// Whether a value stands there, and not a reference to one.
    static func isWritten(_ value: String) -> Bool {
        !value.isEmpty && !value.contains("${") && !value.contains("{{") && !value.hasPrefix("$")
            && !value.hasPrefix("<")
    }

    /// `db` of `postgres://u:p@db:5432/x`, of `db:5432` and of `db`.
    static func host(_ value: String) -> String? {
        var rest = value[...]
        if let mark = rest.firstRange(of: "://") { rest = rest[mark.upperBound...] }
        rest = rest.prefix { $0 != "/" && $0 != "?" }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        let host = rest.prefix { $0 != ":" && $0 != "," }
        guard !host.isEmpty, host.utf8.count <= 253,
            host.utf8.allSatisfy({
                (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) || [0x2D, 0x2E, 0x5F].contains($0)
            })
        else { return nil }
        return String(host)
    }
}
