/// The checks that come with the program.
enum CheckLibrary {
    /// What checks share, those of a tree included: `data.gatehouse.lib`.
    static let library = CheckModule(name: "lib.rego", text: PackageResources.lib_rego)

    struct Entry {
        var module: CheckModule
        /// Starts of the types of resources that the module judges.
        var types: [String]

        init(_ name: String, _ text: [UInt8], _ types: [String]) {
            module = CheckModule(name: name, text: text)
            self.types = types
        }
    }

    static let entries = [
        Entry("aws_s3.rego", PackageResources.aws_s3_rego, ["aws_s3_"]),
        Entry("aws_iam.rego", PackageResources.aws_iam_rego, ["aws_", "data.aws_iam_policy_document"]),
        Entry(
            "aws_network.rego", PackageResources.aws_network_rego,
            ["aws_security_group", "aws_default_", "aws_vpc", "aws_subnet", "aws_network_acl"]),
        Entry("aws_ec2.rego", PackageResources.aws_ec2_rego, ["aws_instance", "aws_launch_", "aws_ebs_"]),
        Entry(
            "aws_data.rego", PackageResources.aws_data_rego,
            [
                "aws_db_", "aws_rds_", "aws_neptune_", "aws_docdb_", "aws_dms_", "aws_redshift_", "aws_dynamodb_",
                "aws_dax_",
                "aws_elasticache_", "aws_efs_", "aws_elasticsearch_", "aws_opensearch_", "aws_athena_", "aws_kinesis_",
                "aws_msk_",
            ]),
        Entry(
            "aws_keys.rego", PackageResources.aws_keys_rego,
            ["aws_kms_", "aws_sns_", "aws_sqs_", "aws_secretsmanager_", "aws_ssm_", "provider.aws"]),
        Entry(
            "aws_logs.rego", PackageResources.aws_logs_rego,
            ["aws_cloudtrail", "aws_cloudwatch_", "aws_config_", "aws_guardduty_"]),
        Entry(
            "aws_compute.rego", PackageResources.aws_compute_rego,
            ["aws_lambda_", "aws_eks_", "aws_ecr_", "aws_ecs_", "aws_sagemaker_", "aws_codebuild_"]),
        Entry(
            "aws_edge.rego", PackageResources.aws_edge_rego,
            ["aws_lb", "aws_alb", "aws_elb", "aws_cloudfront_", "aws_api_gateway_", "aws_apigatewayv2_"]),
        Entry("azure.rego", PackageResources.azure_rego, ["azurerm_"]),
        Entry("google.rego", PackageResources.google_rego, ["google_"]),
        Entry("kubernetes.rego", PackageResources.kubernetes_rego, ["kubernetes."]),
        Entry("dockerfile.rego", PackageResources.dockerfile_rego, ["dockerfile"]),
        Entry("compose.rego", PackageResources.compose_rego, ["compose."]),
        Entry("github.rego", PackageResources.github_rego, ["github.workflow", "github.action"]),
        Entry("gitlab.rego", PackageResources.gitlab_rego, ["gitlab."]),
    ]

    /// The library and the modules that judge resources of these types; nothing where none does.
    static func modules(for types: Set<String>) -> [CheckModule] {
        let wanted = entries.filter { entry in
            types.contains { type in entry.types.contains { type.hasPrefix($0) } }
        }
        return wanted.isEmpty ? [] : [library] + wanted.map(\.module)
    }
}
