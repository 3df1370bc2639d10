import Rego

/// Terraform's names for CloudFormation's types and properties.
enum CloudFormationNames {
    static func type(_ type: String) -> String {
        if let known = types[type] { return known }
        let parts = type.split(separator: ":", omittingEmptySubsequences: true).map { snake(String($0)) }
        return parts.joined(separator: "_")
    }

    /// Gives a resource a property; what CloudFormation keeps in a property of its own where Terraform has it beside all
    /// others, member by member.
    static func add(_ name: String, _ value: Node, of type: String, to body: inout Node) {
        let own = attribute(name, of: type)
        let value = renamed(value, name, of: type)
        guard outer[type] == own else { return body.set(own, value) }
        for member in value.members { body.set(member.key, member.value) }
    }

    private static func attribute(_ name: String, of type: String) -> String {
        let plain = snake(name)
        return attributes[type]?[plain] ?? plain
    }

    /// Members of members, too; but not of what is data: policies, variables, tags.
    private static func renamed(_ node: Node, _ name: String, of type: String) -> Node {
        if ["PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy", "Variables", "Tags"].contains(name) {
            return node
        }
        var out = node
        switch node.content {
        case .scalar: break
        case .list(let elements): out.content = .list(elements.map { renamed($0, "", of: type) })
        case .object(let members):
            if node["Statement"] != nil { return node }
            out.content = .object(
                members.map { .init(key: attribute($0.key, of: type), value: renamed($0.value, $0.key, of: type)) })
        }
        return out
    }

    /// `SSEAlgorithm` is `sse_algorithm`, `MultiAZ` `multi_az`.
    static func snake(_ name: String) -> String {
        let bytes = Array(name.utf8)
        var out: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            let isUpper = (0x41...0x5A).contains(byte)
            if isUpper, index > 0 {
                let before = bytes[index - 1]
                let after = index + 1 < bytes.count ? bytes[index + 1] : 0
                let startsWord = (0x61...0x7A).contains(before) || (0x30...0x39).contains(before)
                if startsWord || (0x41...0x5A).contains(before) && (0x61...0x7A).contains(after) { out.append(0x5F) }
            }
            out.append(isUpper ? byte | 0x20 : byte)
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static let types = [
        "AWS::S3::BucketPolicy": "aws_s3_bucket_policy", "AWS::IAM::ManagedPolicy": "aws_iam_policy",
        "AWS::IAM::Policy": "aws_iam_policy", "AWS::EC2::SecurityGroupIngress": "aws_vpc_security_group_ingress_rule",
        "AWS::EC2::SecurityGroup": "aws_security_group", "AWS::EC2::Instance": "aws_instance",
        "AWS::EC2::Volume": "aws_ebs_volume", "AWS::EC2::VPC": "aws_vpc", "AWS::EC2::Subnet": "aws_subnet",
        "AWS::EC2::SecurityGroupEgress": "aws_vpc_security_group_egress_rule",
        "AWS::EC2::NetworkAclEntry": "aws_network_acl_rule", "AWS::EC2::FlowLog": "aws_flow_log",
        "AWS::EC2::LaunchTemplate": "aws_launch_template",
        "AWS::AutoScaling::LaunchConfiguration": "aws_launch_configuration",
        "AWS::EFS::FileSystem": "aws_efs_file_system",
        "AWS::RDS::DBInstance": "aws_db_instance", "AWS::RDS::DBCluster": "aws_rds_cluster",
        "AWS::Neptune::DBCluster": "aws_neptune_cluster", "AWS::DocDB::DBCluster": "aws_docdb_cluster",
        "AWS::DynamoDB::Table": "aws_dynamodb_table", "AWS::KMS::Key": "aws_kms_key",
        "AWS::SNS::Topic": "aws_sns_topic",
        "AWS::SNS::TopicPolicy": "aws_sns_topic_policy", "AWS::SQS::Queue": "aws_sqs_queue",
        "AWS::SQS::QueuePolicy": "aws_sqs_queue_policy", "AWS::SecretsManager::Secret": "aws_secretsmanager_secret",
        "AWS::CloudTrail::Trail": "aws_cloudtrail", "AWS::Logs::LogGroup": "aws_cloudwatch_log_group",
        "AWS::EKS::Cluster": "aws_eks_cluster", "AWS::EKS::Nodegroup": "aws_eks_node_group",
        "AWS::ECR::Repository": "aws_ecr_repository", "AWS::ECS::Cluster": "aws_ecs_cluster",
        "AWS::Lambda::Function": "aws_lambda_function", "AWS::Lambda::Permission": "aws_lambda_permission",
        "AWS::Lambda::Url": "aws_lambda_function_url", "AWS::ElasticLoadBalancing::LoadBalancer": "aws_elb",
        "AWS::ElasticLoadBalancingV2::LoadBalancer": "aws_lb",
        "AWS::ElasticLoadBalancingV2::Listener": "aws_lb_listener",
        "AWS::CloudFront::Distribution": "aws_cloudfront_distribution",
        "AWS::ApiGateway::Method": "aws_api_gateway_method",
        "AWS::ApiGateway::Stage": "aws_api_gateway_stage", "AWS::Redshift::Cluster": "aws_redshift_cluster",
        "AWS::ElastiCache::ReplicationGroup": "aws_elasticache_replication_group",
        "AWS::Elasticsearch::Domain": "aws_elasticsearch_domain",
        "AWS::OpenSearchService::Domain": "aws_opensearch_domain",
        "AWS::Kinesis::Stream": "aws_kinesis_stream", "AWS::ElastiCache::CacheCluster": "aws_elasticache_cluster",
        "AWS::Athena::WorkGroup": "aws_athena_workgroup", "AWS::CodeBuild::Project": "aws_codebuild_project",
        "AWS::SageMaker::NotebookInstance": "aws_sagemaker_notebook_instance",
        "AWS::GuardDuty::Detector": "aws_guardduty_detector", "AWS::ApiGatewayV2::Route": "aws_apigatewayv2_route",
        "AWS::ApiGatewayV2::Stage": "aws_apigatewayv2_stage",
        "AWS::SecretsManager::RotationSchedule": "aws_secretsmanager_secret_rotation",
        "AWS::SecretsManager::ResourcePolicy": "aws_secretsmanager_secret_policy",
    ]

    private static let database = [
        "enable_cloudwatch_logs_exports": "enabled_cloudwatch_logs_exports",
        "enable_iam_database_authentication": "iam_database_authentication_enabled", "master_user_password": "password",
        "source_db_instance_identifier": "replicate_source_db",
    ]

    private static let search = [
        "encryption_at_rest_options": "encrypt_at_rest", "node_to_node_encryption_options": "node_to_node_encryption",
    ]

    /// By type: the property whose members Terraform has beside all others.
    private static let outer = [
        "aws_launch_template": "launch_template_data", "aws_cloudfront_distribution": "distribution_config",
        "aws_kinesis_stream": "stream_encryption",
    ]

    /// By type, for properties at any depth: Terraform's name for what is CloudFormation's name in snake case.

    private static let attributes: [String: [String: String]] = [
        "aws_s3_bucket": ["access_control": "acl", "website_configuration": "website"],
        "aws_security_group": [
            "security_group_ingress": "ingress", "security_group_egress": "egress", "group_description": "description",
        ],
        "aws_db_instance": database, "aws_rds_cluster": database,
        "aws_neptune_cluster": ["iam_auth_enabled": "iam_database_authentication_enabled"],
        "aws_docdb_cluster": database, "aws_eks_cluster": ["resources_vpc_config": "vpc_config"],
        "aws_dynamodb_table": [
            "sse_specification": "server_side_encryption",
            "point_in_time_recovery_specification": "point_in_time_recovery",
            "sse_enabled": "enabled", "point_in_time_recovery_enabled": "enabled",
        ],
        "aws_dax_cluster": ["sse_specification": "server_side_encryption", "sse_enabled": "enabled"],
        "aws_elasticsearch_domain": search, "aws_opensearch_domain": search,
        "aws_redshift_cluster": ["logging_properties": "logging", "master_user_password": "master_password"],
        "aws_athena_workgroup": [
            "work_group_configuration": "configuration",
            "enforce_work_group_configuration": "enforce_workgroup_configuration",
        ],
        "aws_kms_key": ["key_spec": "customer_master_key_spec", "pending_window_in_days": "deletion_window_in_days"],
        "aws_eks_node_group": ["source_security_groups": "source_security_group_ids"],
        "aws_ecs_task_definition": ["volumes": "volume"],
        "aws_lb": ["type": "load_balancer_type"],
        "aws_cloudfront_distribution": ["logging": "logging_config", "cache_behaviors": "ordered_cache_behavior"],
        "aws_ecs_cluster": ["cluster_settings": "setting"],
        "aws_api_gateway_method": ["authorization_type": "authorization"],
        "aws_lambda_function_url": ["auth_type": "authorization_type"],
        "aws_api_gateway_stage": [
            "access_log_setting": "access_log_settings", "tracing_enabled": "xray_tracing_enabled",
        ],
        "aws_cloudtrail": [
            "is_logging": "enable_logging", "cloud_watch_logs_log_group_arn": "cloud_watch_logs_group_arn",
        ],
        "aws_lb_listener": ["default_actions": "default_action", "redirect_config": "redirect"],
        "aws_elb": [
            "access_logging_policy": "access_logs", "cross_zone": "cross_zone_load_balancing", "listeners": "listener",
            "protocol": "lb_protocol",
        ],
    ]
}
