package gatehouse.checks.github

import data.gatehouse.lib

workflows := object.get(input.resources, "github.workflow", [])

steps contains {"r": r, "job": job, "path": ["jobs", name, "steps", index], "step": step} if {
	some r in workflows
	some name, job in object.get(r.attributes, "jobs", {})
	some index, step in object.get(job, "steps", [])
}

steps contains {"r": r, "job": {}, "path": ["runs", "steps", index], "step": step} if {
	some r in object.get(input.resources, "github.action", [])
	some index, step in object.get(r.attributes, ["runs", "steps"], [])
}

triggers(r) := {on} if {
	on := object.get(r.attributes, "on", null)
	is_string(on)
} else := {name | some name in object.get(r.attributes, "on", [])} if {
	is_array(object.get(r.attributes, "on", null))
} else := {name | some name, _ in object.get(r.attributes, "on", {})}

# What anyone who opens an issue or pull request decides.
attacker_controlled := `(?i)\$\{\{[^}]*\b(github\.event\.(issue|pull_request|comment|review|discussion|head_commit|workflow_run|commits)\b[^}]*\.(title|body|message|name|email|ref|label|default_branch|head_branch)|github\.head_ref|github\.event\.pages)`

# METADATA
# scope: document
# title: Text of strangers becomes a part of a script
# description: "An expression is put into the script before the shell reads it: a title with a backquote runs commands."
# custom:
#   severity: high
#   remedy: Hand the value over in env and use the variable, quoted.
#   controls: ["OWASP-CICD:4"]
#   fix:
#     - base: "found"
#       edit: "expressions-to-environment"
#       risk: "None is known: the shell gets the same text, as a value."
script_injection contains lib.at(e.r, array.concat(e.path, ["run"])) if {
	some e in steps
	regex.match(attacker_controlled, object.get(e.step, "run", ""))
}

script_injection contains lib.at(e.r, array.concat(e.path, ["with", "script"])) if {
	some e in steps
	startswith(object.get(e.step, "uses", ""), "actions/github-script@")
	regex.match(attacker_controlled, object.get(e.step, ["with", "script"], ""))
}

# METADATA
# scope: document
# title: Expression is put into a script
# description: What the expression yields is read as code by the shell.
# custom:
#   severity: low
#   remedy: Hand the value over in env and use the variable, quoted.
#   controls: ["OWASP-CICD:4"]
#   fix:
#     - base: "found"
#       edit: "expressions-to-environment"
#       risk: "None is known: the shell gets the same text, as a value."
template_in_script contains lib.at(e.r, array.concat(e.path, ["run"])) if {
	some e in steps
	script := object.get(e.step, "run", "")
	regex.match(`\$\{\{[^}]*(inputs\.|github\.event\.inputs|steps\.[^}]*outputs|needs\.[^}]*outputs|matrix\.|env\.|github\.ref_name|github\.event\.)`, script)
	not regex.match(attacker_controlled, script)
}

# METADATA
# scope: document
# title: Action is not pinned to a commit
# description: "A tag can be moved: whoever gets into the action's repository gets into this pipeline."
# custom:
#   severity: medium
#   remedy: Name the full commit, with the version in a comment.
#   controls: ["OWASP-CICD:3", "SLSA"]
#   fix:
#     - base: "found"
#       edit: "known-pin"
#       risk: "None is known: another step names the same version by this commit."
unpinned_action contains lib.at(e.r, array.concat(e.path, ["uses"])) if {
	some e in steps
	uses := object.get(e.step, "uses", "")
	third_party(uses)
	not regex.match(`@[0-9a-f]{40}$`, uses)
}

unpinned_action contains lib.at(r, ["jobs", name, "uses"]) if {
	some r in workflows
	some name, job in object.get(r.attributes, "jobs", {})
	uses := object.get(job, "uses", "")
	third_party(uses)
	not regex.match(`@[0-9a-f]{40}$`, uses)
}

third_party(uses) if {
	uses != ""
	not startswith(uses, "./")
	not startswith(uses, "docker://")
}

# METADATA
# scope: document
# title: Image of an action or job has no digest
# description: A tag can be moved.
# custom:
#   severity: low
#   remedy: Name the digest.
unpinned_image contains lib.at(e.r, array.concat(e.path, ["uses"])) if {
	some e in steps
	uses := object.get(e.step, "uses", "")
	startswith(uses, "docker://")
	not contains(uses, "@sha256:")
}

unpinned_image contains lib.at(r, ["jobs", name, "container"]) if {
	some r in workflows
	some name, job in object.get(r.attributes, "jobs", {})
	image := job_image(job)
	not contains(image, "@sha256:")
	not contains(image, "${{")
}

job_image(job) := job.container if is_string(job.container)

job_image(job) := job.container.image if is_object(job.container)

# METADATA
# scope: document
# title: Workflow of strangers' requests has the repository's rights
# description: pull_request_target and workflow_run have secrets and a token that may write, whoever opens the request.
# custom:
#   severity: high
#   remedy: Use pull_request, or run nothing of the request here.
#   controls: ["OWASP-CICD:4"]
dangerous_trigger contains lib.at(r, ["on"]) if {
	some r in workflows
	some trigger in triggers(r)
	trigger in {"pull_request_target", "workflow_run"}
}

# METADATA
# scope: document
# title: Workflow with the repository's rights runs a stranger's code
# description: The request's files are checked out where secrets and a token that may write are at hand.
# custom:
#   severity: critical
#   remedy: Use pull_request, or split the workflow in two.
#   controls: ["OWASP-CICD:4"]
untrusted_checkout contains lib.at(e.r, array.concat(e.path, ["with", "ref"])) if {
	some e in steps
	some trigger in triggers(e.r)
	trigger in {"pull_request_target", "workflow_run", "issue_comment"}
	startswith(object.get(e.step, "uses", ""), "actions/checkout")
	regex.match(`head|pull_request|refs/pull`, object.get(e.step, ["with", "ref"], ""))
}

# METADATA
# scope: document
# title: Workflow does not limit its token
# description: Without permissions the token has those of the repository's setting, which may be to write everything.
# custom:
#   severity: medium
#   remedy: "Set permissions to contents: read, and more for the job that needs it."
#   controls: ["OWASP-CICD:5"]
#   fix:
#     - set: {"permissions": {"contents": "read"}}
#       before: "jobs"
#       risk: "Jobs that write (releases, comments, packages) need permissions of their own."
excessive_permissions contains lib.at(r, ["jobs", name]) if {
	some r in workflows
	object.get(r.attributes, "permissions", null) == null
	some name, job in object.get(r.attributes, "jobs", {})
	object.get(job, "permissions", null) == null
}

# METADATA
# scope: document
# title: Token may write everything
# description: One compromised step changes code, releases and packages.
# custom:
#   severity: high
#   remedy: List what is written.
#   controls: ["OWASP-CICD:5"]
#   fix:
#     - base: "found"
#       set: {"": {"contents": "read"}}
#       risk: "Jobs that write (releases, comments, packages) need the permission for that."
write_all contains lib.at(r, ["permissions"]) if {
	some r in workflows
	object.get(r.attributes, "permissions", null) == "write-all"
}

write_all contains lib.at(r, ["jobs", name, "permissions"]) if {
	some r in workflows
	some name, job in object.get(r.attributes, "jobs", {})
	object.get(job, "permissions", null) == "write-all"
}

# METADATA
# scope: document
# title: Checkout leaves the token in the folder
# description: What is uploaded from the folder, and every later step, has the token.
# custom:
#   severity: low
#   remedy: Set persist-credentials to false.
#   controls: ["OWASP-CICD:6"]
#   fix:
#     - base: "parent"
#       set: {"with.persist-credentials": false}
#       risk: "Steps that push with git need a token of their own."
persisted_credentials contains lib.at(e.r, array.concat(e.path, ["uses"])) if {
	some e in steps
	startswith(object.get(e.step, "uses", ""), "actions/checkout@")
	not object.get(e.step, ["with", "persist-credentials"], true) in {false, "false"}
}

# METADATA
# scope: document
# title: Called workflow gets every secret
# description: It needs some, and gets all.
# custom:
#   severity: medium
#   remedy: List the secrets.
secrets_inherited contains lib.at(r, ["jobs", name, "secrets"]) if {
	some r in workflows
	some name, job in object.get(r.attributes, "jobs", {})
	object.get(job, "secrets", null) == "inherit"
}

# METADATA
# scope: document
# title: Every secret is put into one text
# description: toJSON(secrets) hands all of them to one step, and logs do not mask it.
# custom:
#   severity: medium
#   remedy: Name the secrets.
all_secrets contains lib.at(e.r, array.concat(e.path, path)) if {
	some e in steps
	walk(e.step, [path, value])
	is_string(value)
	regex.match(`(?i)toJSON\(\s*secrets\s*\)|\$\{\{\s*secrets\s*\}\}`, value)
}

# METADATA
# scope: document
# title: Workflow takes commands from its output
# description: Whatever is printed can set variables and paths of later steps.
# custom:
#   severity: high
#   remedy: Remove ACTIONS_ALLOW_UNSECURE_COMMANDS.
#   fix:
#     - base: "found"
#       remove: [""]
#       risk: "Steps that print set-env or add-path have to write to GITHUB_ENV and GITHUB_PATH."
unsafe_commands contains lib.at(r, path) if {
	some r in workflows
	walk(r.attributes, [path, value])
	path[count(path) - 1] == "ACTIONS_ALLOW_UNSECURE_COMMANDS"
	lib.on(value)
}

# METADATA
# scope: document
# title: Text of strangers is written into the environment of later steps
# description: A line feed in the text sets any variable, such as LD_PRELOAD.
# custom:
#   severity: medium
#   remedy: Do not write what others decide to GITHUB_ENV or GITHUB_PATH.
#   controls: ["OWASP-CICD:4"]
environment_injection contains lib.at(e.r, array.concat(e.path, ["run"])) if {
	some e in steps
	some trigger in triggers(e.r)
	trigger in {"pull_request_target", "workflow_run", "issue_comment"}
	regex.match(`GITHUB_(ENV|PATH)`, object.get(e.step, "run", ""))
}

# METADATA
# scope: document
# title: Job runs on a machine of one's own
# description: What a request leaves on the machine meets the next job, unless the machine is thrown away.
# custom:
#   severity: low
#   remedy: Use machines for one job each, and none for requests of strangers.
#   controls: ["OWASP-CICD:7"]
self_hosted contains lib.at(r, ["jobs", name, "runs-on"]) if {
	some r in workflows
	some name, job in object.get(r.attributes, "jobs", {})
	"self-hosted" in lib.strings(object.get(job, "runs-on", ""))
}

self_hosted contains lib.at(r, ["jobs", name, "runs-on"]) if {
	some r in workflows
	some name, job in object.get(r.attributes, "jobs", {})
	"self-hosted" in lib.strings(object.get(job, ["runs-on", "labels"], ""))
}

# METADATA
# scope: document
# title: Password of a container registry stands in the workflow
# description: It is in the repository and in every clone.
# custom:
#   severity: high
#   remedy: Use a secret; change the password.
hardcoded_credentials contains lib.at(r, ["jobs", name, "container", "credentials", "password"]) if {
	some r in workflows
	some name, job in object.get(r.attributes, "jobs", {})
	password := object.get(job, ["container", "credentials", "password"], "")
	password != ""
	not contains(password, "${{")
}

# METADATA
# scope: document
# title: Condition trusts who pushed last
# description: "github.actor is whoever pushed last: anyone can push after the bot, or the bot after anyone."
# custom:
#   severity: medium
#   remedy: Compare github.event.pull_request.user.login.
bot_condition contains lib.at(e.r, array.concat(e.path, ["if"])) if {
	some e in steps
	regex.match(`github\.actor\s*==\s*'[^']*\[bot\]'`, sprintf("%v", [object.get(e.step, "if", "")]))
}

bot_condition contains lib.at(r, ["jobs", name, "if"]) if {
	some r in workflows
	some name, job in object.get(r.attributes, "jobs", {})
	regex.match(`github\.actor\s*==\s*'[^']*\[bot\]'`, sprintf("%v", [object.get(job, "if", "")]))
}
