/// A flawed file for each check that says how it is put right: by the check's id, a file's name and its text.
enum RecipeFixtures {
    static let all: [String: (file: String, text: String)] =
        terraform.mapValues { ("main.tf", $0) }
        .merging(kubernetes.mapValues { ("pod.yaml", $0) }) { first, _ in first }
        .merging(dockerfiles.mapValues { ("Dockerfile", $0) }) { first, _ in first }
        .merging(compose.mapValues { ("docker-compose.yml", "services:\n  web:\n    image: a:1\n\($0)") }) { first, _ in
            first
        }
        .merging(workflows.mapValues { (".github/workflows/ci.yml", $0) }) { first, _ in first }

    private static func resource(_ type: String, _ body: String = "") -> String {
        "# a remark\nresource \"\(type)\" \"main\" {\n\(body)}\n"
    }

    static let terraform: [String: String] = [
        "aws-s3-public-acl": resource("aws_s3_bucket", "  bucket = \"b\"\n  acl    = \"public-read\" # why\n"),
        "aws-s3-authenticated-acl": resource("aws_s3_bucket", "  acl = \"authenticated-read\"\n"),
        "aws-s3-public-access-block": resource("aws_s3_bucket", "  bucket = \"b\"\n"),
        "aws-s3-versioning": resource("aws_s3_bucket", "  versioning {\n    enabled = false\n  }\n"),
        "aws-s3-encryption": resource("aws_s3_bucket"),
        "aws-s3-public-access-block-partial": resource(
            "aws_s3_bucket_public_access_block",
            "  bucket                  = \"b\"\n  block_public_acls       = false\n  block_public_policy     = true\n"
                + "  ignore_public_acls      = true\n  restrict_public_buckets = true\n"),
        "aws-ec2-imds-v2": resource("aws_instance", "  ami           = \"a\"\n  instance_type = \"t3.micro\"\n"),
        "aws-ec2-public-ip": resource("aws_instance", "  associate_public_ip_address = true\n"),
        "aws-ec2-volume-encryption": resource("aws_instance", "  root_block_device {\n    volume_size = 8\n  }\n"),
        "aws-ec2-ebs-encryption": resource("aws_ebs_volume", "  size = 8\n"),
        "aws-ec2-snapshot-encryption": resource("aws_ebs_snapshot_copy", "  encrypted = false\n"),
        "aws-ec2-default-encryption": resource("aws_ebs_encryption_by_default", "  enabled = false\n"),
        "aws-ec2-monitoring": resource("aws_instance", "  ami = \"a\"\n"),
        "aws-keys-rotation": resource("aws_kms_key", "  description = \"k\"\n"),
        "aws-keys-deletion-window": resource("aws_kms_key", "  deletion_window_in_days = 7\n"),
        "aws-keys-topic-encryption": resource("aws_sns_topic", "  name = \"n\"\n"),
        "aws-keys-queue-encryption": resource("aws_sqs_queue", "  sqs_managed_sse_enabled = false\n"),
        "aws-keys-parameter-plain": resource(
            "aws_ssm_parameter", "  name  = \"db_password\"\n  type  = \"String\"\n  value = var.v\n"),
        "aws-data-rds-encryption": resource("aws_db_instance", "  storage_encrypted = false\n"),
        "aws-data-rds-public": resource("aws_db_instance", "  publicly_accessible = true\n"),
        "aws-data-rds-backup": resource("aws_db_instance", "  backup_retention_period = 0\n"),
        "aws-data-rds-deletion-protection": resource("aws_db_instance", "  engine = \"postgres\"\n"),
        "aws-data-rds-iam": resource("aws_db_instance", "  engine = \"postgres\"\n"),
        "aws-data-rds-minor-upgrade": resource("aws_db_instance", "  auto_minor_version_upgrade = false\n"),
        "aws-data-redshift-encryption": resource("aws_redshift_cluster", "  encrypted = false\n"),
        "aws-data-dynamodb-key": resource("aws_dynamodb_table", "  name = \"n\"\n"),
        "aws-data-dynamodb-recovery": resource(
            "aws_dynamodb_table", "  point_in_time_recovery {\n    enabled = false\n  }\n"),
        "aws-data-dax-encryption": resource("aws_dax_cluster", "  cluster_name = \"n\"\n"),
        "aws-data-elasticache-at-rest": resource("aws_elasticache_replication_group", "  description = \"n\"\n"),
        "aws-data-elasticache-transit": resource("aws_elasticache_replication_group", "  description = \"n\"\n"),
        "aws-data-efs-encryption": resource("aws_efs_file_system", "  creation_token = \"n\"\n"),
        "aws-data-search-at-rest": resource("aws_opensearch_domain", "  domain_name = \"n\"\n"),
        "aws-data-search-node-to-node": resource("aws_opensearch_domain", "  domain_name = \"n\"\n"),
        "aws-data-search-https": resource("aws_elasticsearch_domain", "  domain_name = \"n\"\n"),
        "aws-data-search-tls": resource(
            "aws_opensearch_domain",
            "  domain_endpoint_options {\n    tls_security_policy = \"Policy-Min-TLS-1-0-2019-07\"\n  }\n"),
        "aws-data-athena-workgroup": resource(
            "aws_athena_workgroup", "  configuration {\n    enforce_workgroup_configuration = false\n  }\n"),
        "aws-data-kinesis-encryption": resource("aws_kinesis_stream", "  name = \"n\"\n"),
        "aws-data-msk-encryption": resource(
            "aws_msk_cluster",
            "  encryption_info {\n    encryption_in_transit {\n      client_broker = \"PLAINTEXT\"\n    }\n  }\n"),
        "aws-logs-trail-regions": resource("aws_cloudtrail", "  name = \"n\"\n"),
        "aws-logs-trail-validation": resource("aws_cloudtrail", "  name = \"n\"\n"),
        "aws-logs-trail-off": resource("aws_cloudtrail", "  enable_logging = false\n"),
        "aws-logs-group-retention": resource("aws_cloudwatch_log_group", "  name = \"n\"\n"),
        "aws-logs-config-all": resource(
            "aws_config_configuration_recorder", "  recording_group {\n    all_supported = false\n  }\n"),
        "aws-logs-guardduty-off": resource("aws_guardduty_detector", "  enable = false\n"),
        "aws-edge-lb-headers": resource("aws_lb", "  name = \"n\"\n"),
        "aws-edge-lb-deletion": resource("aws_lb", "  name = \"n\"\n"),
        "aws-edge-lb-cross-zone": resource("aws_elb", "  cross_zone_load_balancing = false\n"),
        "aws-edge-listener-tls": resource("aws_lb_listener", "  port     = 443\n  protocol = \"HTTPS\"\n"),
        "aws-edge-cdn-plain": resource(
            "aws_cloudfront_distribution",
            "  default_cache_behavior {\n    viewer_protocol_policy = \"allow-all\"\n  }\n"),
        "aws-edge-api-tracing": resource("aws_api_gateway_stage", "  stage_name = \"n\"\n"),
        "aws-edge-api-tls": resource("aws_api_gateway_domain_name", "  security_policy = \"TLS_1_0\"\n"),
        "aws-compute-lambda-tracing": resource("aws_lambda_function", "  function_name = \"n\"\n"),
        "aws-compute-lambda-url-public": resource(
            "aws_lambda_function_url", "  authorization_type = \"NONE\"\n"),
        "aws-compute-eks-logs": resource("aws_eks_cluster", "  name = \"n\"\n"),
        "aws-compute-ecr-scan": resource("aws_ecr_repository", "  name = \"n\"\n"),
        "aws-compute-ecr-immutable": resource("aws_ecr_repository", "  name = \"n\"\n"),
        "aws-compute-ecs-insights": resource("aws_ecs_cluster", "  name = \"n\"\n"),
        "aws-compute-ecs-transit": resource(
            "aws_ecs_task_definition",
            "  volume {\n    name = \"v\"\n    efs_volume_configuration {\n      file_system_id = \"f\"\n    }\n  }\n"),
        "aws-compute-sagemaker-internet": resource("aws_sagemaker_notebook_instance", "  name = \"n\"\n"),
        "aws-compute-codebuild-privileged": resource(
            "aws_codebuild_project", "  environment {\n    privileged_mode = true\n  }\n"),
        "aws-network-public-subnet": resource("aws_subnet", "  map_public_ip_on_launch = true\n"),
    ]

    private static func pod(_ spec: String = "", _ container: String = "") -> String {
        """
        # a remark
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: n}
        spec:
        \(spec)  containers:
            - name: c   # the one
              image: a:1
        \(container)
        """
    }

    static let kubernetes: [String: String] = [
        "kubernetes-privileged": pod("", "      securityContext:\n        privileged: true\n"),
        "kubernetes-host-namespace": pod("  hostPID: true\n"),
        "kubernetes-host-port": pod("", "      ports:\n        - containerPort: 80\n          hostPort: 80\n"),
        "kubernetes-privilege-escalation": pod(),
        "kubernetes-run-as-root": pod("", "      securityContext: {privileged: false}\n"),
        "kubernetes-writable-root": pod(),
        "kubernetes-added-capability": pod(
            "", "      securityContext:\n        capabilities:\n          add: [NET_ADMIN, CHOWN]\n"),
        "kubernetes-capabilities-kept": pod(
            "", "      securityContext:\n        capabilities:\n          drop:\n            - CHOWN\n"),
        "kubernetes-seccomp": pod(),
        "kubernetes-service-token": pod(),
        "kubernetes-anonymous": """
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRoleBinding
        metadata: {name: b}
        roleRef: {name: view}
        subjects:
        - kind: User
          name: system:anonymous
        - kind: User
          name: ada

        """,
    ]

    static let dockerfiles: [String: String] = [
        "docker-root": "FROM a:1\nRUN true\nCMD [\"a\"]\n",
        "docker-add-instead-of-copy": "FROM a:1\nADD a /a\n",
        "docker-no-verification": "FROM a:1\nRUN curl -k -o a https://a.example/a\n",
        "docker-sudo": "FROM a:1\nRUN true && sudo make\n",
        "docker-apt-recommends": "FROM a:1\nRUN apt-get update \\\n # why\n && apt-get install -y a=1\n",
        "docker-apt-lists": "FROM a:1\nRUN apt-get update && apt-get install a=1\n",
        "docker-apt-command": "FROM a:1\nRUN apt install a=1\n",
        "docker-pip-cache": "FROM a:1\nRUN python3 -m pip install a==1\n",
        "docker-relative-workdir": "FROM a:1\nWORKDIR /srv\nWORKDIR app\n",
        "docker-maintainer": "FROM a:1\nMAINTAINER Ada <ada@example.org>\n",
        "docker-shell-form": "FROM a:1\nCMD npm start\n",
        "docker-many-entries": "FROM a:1\nCMD [\"a\"]\nCMD [\"b\"]\n",
        "docker-ssh-port": "FROM a:1\nEXPOSE 80 22\n",
    ]

    static let compose: [String: String] = [
        "compose-privileged": "    privileged: true\n",
        "compose-docker-socket": "    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock\n      - a:/a\n",
        "compose-host-namespace": "    network_mode: host\n    user: \"1\"\n",
        "compose-added-capability": "    cap_add: [SYS_ADMIN]\n    user: \"1\"\n",
        "compose-no-seccomp": "    security_opt:\n    - seccomp:unconfined\n    - a:b\n",
        "compose-open-database": "    ports:\n      - \"5432:5432\"\n",
    ]

    private static let safe = "permissions: {}\non: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n"
    static let workflows: [String: String] = [
        "github-script-injection": safe
            + "      - name: Title\n        run: |\n          echo \"It is ${{ github.event.issue.title }}\"\n          echo ${{ github.event.issue.title }}\n",
        "github-template-in-script": safe + "      - run: echo ${{ inputs.name }}\n        env:\n          A: b\n",
        "github-unpinned-action": safe + "      - uses: a/b@v1\n      - uses: a/b@"
            + String(repeating: "0123abcd", count: 5) + " # v1\n",
        "github-excessive-permissions":
            "on: push\n\n# What is done.\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: []\n",
        "github-write-all":
            "on: push\npermissions: write-all # all\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps: []\n",
        "github-persisted-credentials": safe + "      - uses: actions/checkout@"
            + String(repeating: "0123abcd", count: 5) + " # v4\n        with:\n          fetch-depth: 0\n",
        "github-unsafe-commands": safe
            + "      - run: make\n        env:\n          ACTIONS_ALLOW_UNSECURE_COMMANDS: true\n",
    ]
}
