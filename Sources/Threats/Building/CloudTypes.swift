/// Which resources of clouds are elements, by Terraform's names for them.
enum CloudTypes {
    static let stores: Set<String> = words(
        """
        aws_db_instance aws_rds_cluster aws_dynamodb_table aws_s3_bucket aws_efs_file_system aws_elasticache_cluster
        aws_elasticache_replication_group aws_redshift_cluster aws_elasticsearch_domain aws_opensearch_domain
        aws_docdb_cluster aws_neptune_cluster aws_sqs_queue aws_sns_topic aws_kinesis_stream aws_msk_cluster aws_mq_broker
        aws_secretsmanager_secret aws_ecr_repository aws_kinesis_firehose_delivery_stream
        google_storage_bucket google_sql_database_instance google_bigquery_dataset google_pubsub_topic
        google_redis_instance google_spanner_instance google_secret_manager_secret
        azurerm_storage_account azurerm_mssql_server azurerm_sql_server azurerm_postgresql_server
        azurerm_postgresql_flexible_server azurerm_mysql_server azurerm_mysql_flexible_server azurerm_cosmosdb_account
        azurerm_redis_cache azurerm_key_vault azurerm_servicebus_namespace azurerm_eventhub_namespace
        """)

    static let processes: Set<String> = words(
        """
        aws_instance aws_lambda_function aws_ecs_service aws_eks_cluster aws_lb aws_alb aws_elb aws_api_gateway_rest_api
        aws_apigatewayv2_api aws_cloudfront_distribution aws_apprunner_service aws_codebuild_project
        aws_elastic_beanstalk_environment aws_sfn_state_machine aws_batch_job_definition aws_autoscaling_group
        google_compute_instance google_cloud_run_service google_cloud_run_v2_service google_cloudfunctions_function
        google_cloudfunctions2_function google_container_cluster
        azurerm_linux_virtual_machine azurerm_virtual_machine azurerm_windows_virtual_machine azurerm_app_service
        azurerm_linux_web_app azurerm_windows_web_app azurerm_function_app azurerm_linux_function_app
        azurerm_kubernetes_cluster azurerm_container_group azurerm_application_gateway
        """)

    static let credentials: Set<String> = [
        "aws_secretsmanager_secret", "google_secret_manager_secret", "azurerm_key_vault",
    ]

    static let balancers: Set<String> = ["aws_lb", "aws_alb", "aws_elb"]
    static let gateways: Set<String> = ["aws_api_gateway_rest_api", "aws_apigatewayv2_api"]
    static let networks: Set<String> = ["aws_vpc", "google_compute_network", "azurerm_virtual_network"]

    /// What stands between a thing and its network.
    static let withinNetworks: Set<String> = words(
        """
        aws_subnet aws_db_subnet_group aws_security_group aws_elasticache_subnet_group aws_redshift_subnet_group
        aws_docdb_subnet_group aws_launch_template aws_launch_configuration google_compute_subnetwork azurerm_subnet
        azurerm_network_interface aws_efs_mount_target
        """)

    /// What belongs to a process without being one: what it refers to, the process does.
    static let parts: Set<String> = words(
        """
        aws_ecs_task_definition aws_launch_template aws_launch_configuration aws_lambda_alias
        aws_iam_instance_profile aws_secretsmanager_secret_version aws_lb_target_group google_secret_manager_secret_version
        """)

    /// What joins two: from what the first attribute refers to, to what the second does.
    static let joints: [(type: String, from: [String], to: [String], label: String)] = [
        ("aws_lambda_event_source_mapping", ["event_source_arn"], ["function_name"], "delivers"),
        ("aws_sns_topic_subscription", ["topic_arn"], ["endpoint"], "delivers"),
        ("aws_s3_bucket_notification", ["bucket"], ["lambda_function", "queue", "topic"], "notifies"),
        ("aws_apigatewayv2_integration", ["api_id"], ["integration_uri"], "calls"),
        ("aws_api_gateway_integration", ["rest_api_id"], ["uri"], "calls"),
        ("aws_lambda_permission", ["source_arn"], ["function_name"], "calls"),
    ]

    private static func words(_ text: String) -> Set<String> {
        Set(text.split { $0 == " " || $0 == "\n" }.map(String.init))
    }
}
