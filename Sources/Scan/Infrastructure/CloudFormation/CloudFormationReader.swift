import Rego

/// Resources of a template, under the names that Terraform has for them, so that one check judges both.
enum CloudFormationReader {
    static func isTemplate(_ document: Node) -> Bool {
        if document["AWSTemplateFormatVersion"] != nil { return true }
        return document["Resources"]?.members.contains { member in
            member.value["Type"]?.text.map { $0.hasPrefix("AWS::") } ?? false
        } ?? false
    }

    static func read(_ document: Node, _ file: String, into found: inout ReadResources) {
        let scope = "\(file)|"
        let intrinsics = Intrinsics(document, scope: scope)
        for member in document["Resources"]?.members ?? [] {
            guard let type = member.value["Type"]?.text else {
                found.note(file, "\(member.value.place.line): the resource \(member.key.prefix(80)) has no Type")
                continue
            }
            if let condition = member.value["Condition"]?.text, intrinsics.holds(condition: condition) == false {
                continue
            }
            let kind = CloudFormationNames.type(type)
            var body = Node.object(at: member.value.place)
            for property in member.value["Properties"]?.members ?? [] {
                guard let value = intrinsics.resolve(property.value) else { continue }
                body.set(
                    CloudFormationNames.attribute(property.key, of: kind),
                    CloudFormationNames.renamed(value, property.key))
            }
            let place = Place(line: max(1, member.value.place.line - 1), column: 1)
            found.resources.append(
                Resource(
                    key: scope + member.key, id: scope + member.key, format: .cloudformation, type: kind,
                    address: member.key, name: member.key, file: file, start: place, end: place, body: body))
        }
    }
}

/// Terraform's names for CloudFormation's types and properties.
enum CloudFormationNames {
    static func type(_ type: String) -> String {
        if let known = types[type] { return known }
        let parts = type.split(separator: ":", omittingEmptySubsequences: true).map { snake(String($0)) }
        return parts.joined(separator: "_")
    }

    static func attribute(_ name: String, of type: String) -> String {
        let plain = snake(name)
        return attributes[type]?[plain] ?? plain
    }

    /// Members of members, too; but not of what is data: policies, variables, tags.
    static func renamed(_ node: Node, _ name: String) -> Node {
        if ["PolicyDocument", "AssumeRolePolicyDocument", "KeyPolicy", "Variables", "Tags"].contains(name) {
            return node
        }
        var out = node
        switch node.content {
        case .scalar: break
        case .list(let elements): out.content = .list(elements.map { renamed($0, "") })
        case .object(let members):
            if node["Statement"] != nil { return node }
            out.content = .object(members.map { .init(key: snake($0.key), value: renamed($0.value, $0.key)) })
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
        "AWS::EC2::FlowLog": "aws_flow_log", "AWS::EC2::LaunchTemplate": "aws_launch_template",
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
        "AWS::Kinesis::Stream": "aws_kinesis_stream",
    ]

    private static let database = [
        "enable_cloudwatch_logs_exports": "enabled_cloudwatch_logs_exports",
        "enable_iam_database_authentication": "iam_database_authentication_enabled", "master_user_password": "password",
    ]

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
        ],
        "aws_ecs_cluster": ["cluster_settings": "setting"],
        "aws_api_gateway_method": ["authorization_type": "authorization"],
        "aws_lambda_function_url": ["auth_type": "authorization_type"],
        "aws_api_gateway_stage": [
            "access_log_setting": "access_log_settings", "tracing_enabled": "xray_tracing_enabled",
        ],
        "aws_cloudtrail": ["is_logging": "enable_logging"],
        "aws_lb_listener": ["default_actions": "default_action"], "aws_elb": ["access_logging_policy": "access_logs"],
    ]
}
