#!/usr/bin/env bash
# Runs a fuzz target under libFuzzer and the address sanitizer, for a bounded time.
#
#   scripts/fuzz.sh TARGET|all SECONDS [input to run again]     environment: FUZZ_SEED (default: another each time),
#   FUZZ_CONFIGURATION (default release; debug is built in a third of the time and tries fewer inputs)
#
# Exits with libFuzzer's status: 0 when nothing broke. The corpus grows in .build/fuzz/corpus/TARGET, and what broke
# lies in .build/fuzz/findings: run it again by giving that file after SECONDS.
#
# A target is one Swift file under Fuzz/ that exports LLVMFuzzerTestOneInput, and the modules it stands on, lowest last.
# The room is compiled by SwiftPM with coverage but not linked, since libFuzzer brings its own `main`.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:-}
seconds=${2:-60}
shift $(($# < 2 ? $# : 2))

if [ "$target" = all ]; then
    # As many at a time as there are cores: what they stand on is built one after another anyway, by SwiftPM's lock. What
    # each says goes to a file, and is shown where it broke; all are run, whichever breaks.
    logs=.build/fuzz/logs
    mkdir -p "$logs"
    rm -f "$logs"/*.broken
    shopt -s nullglob
    printf '%s\n' agent archive bundle channels code config conversation formats hcl intent json lockfiles mcp note plan rego schedule secrets smtp \
        stream workflow |
        xargs -P "$(nproc)" -I '{}' bash -c '
            "$0" "$1" "$2" >"$3/$1.log" 2>&1
            status=$?
            if [ "$status" -ne 0 ]; then
                tail -n 200 "$3/$1.log" | cut -c1-300 | sed "s/^/fuzz $1: /"
                echo "$status" >"$3/$1.broken"
            else
                echo "fuzz $1: $(sed -n "s/^stat::number_of_executed_units: *//p" "$3/$1.log") inputs, nothing broke"
            fi' "$0" '{}' "$seconds" "$logs"
    # What broke is told last: whoever reads only the end of a log has it.
    status=0
    for broken in "$logs"/*.broken; do
        target=$(basename "$broken" .broken)
        echo "fuzz: $target broke (exit $(cat "$broken")):" >&2
        grep -aE 'error:|ERROR|SUMMARY|Fatal|Test unit written' "$logs/$target.log" | head -n 8 >&2 || tail -n 8 "$logs/$target.log" >&2
        status=1
    done
    exit "$status"
fi

crypto=(Crypto CryptoBoringWrapper CCryptoBoringSSL CCryptoBoringSSLShims CXKCP CXKCPShims)
rego=(Rego JSON Core Matching BigInt Yams CYaml CryptoExtras SwiftASN1 Crypto CryptoBoringWrapper CCryptoBoringSSL
    CCryptoBoringSSLShims CXKCP CXKCPShims)

case "$target" in
    agent)
        # What reads agents' files and models' answers is compiled with the target: the rest of its room stands on the gate.
        source=Fuzz/AgentFuzz/AgentFuzz.swift room=Schema beneath=(Config Ledger) dictionary=Fuzz/AgentFuzz/agent.dict
        modules=(Schema Matching Web Config JSON Core Yams CYaml "${crypto[@]}")
        headers=.build/fuzz/build/checkouts/Yams/Sources/CYaml/include
        beside=(Sources/Agents/Definition/*.swift Sources/Agents/Task/AgentTask.swift
            Sources/Agents/Loop/{AnswerCheck,DataFence,Keeping,ModelReply,Wording}.swift)
        read -ra found <<<"$(pkg-config --cflags --libs libhs libpcre2-8)"
        flags=(-I Sources/CPCRE2 -I Sources/CVectorscan "${found[@]}" -enable-upcoming-feature InternalImportsByDefault)
        ;;
    archive) source=Fuzz/ArchiveFuzz/ArchiveFuzz.swift room=Archive modules=(Archive Core) dictionary=Fuzz/ArchiveFuzz/archive.dict ;;
    bundle)
        source=Fuzz/BundleFuzz/BundleFuzz.swift room=Policy dictionary=Fuzz/BundleFuzz/bundle.dict
        modules=(Policy Archive "${rego[@]}")
        ;;
    channels)
        # What reads requests is compiled with the target: the rest of its room stands on the gate.
        source=Fuzz/ChannelsFuzz/ChannelsFuzz.swift room=Web beneath=(JSON) modules=(Web JSON Core)
        dictionary=Fuzz/ChannelsFuzz/channels.dict
        beside=(Sources/Channels/Intake/{Heard,TypedVerdict}.swift
            Sources/Channels/Intake/Slack/Slack{Event,Press,Text}.swift
            Sources/Channels/Intake/Teams/{MarkupText,TeamsActivity}.swift
            Sources/Channels/Intake/Generic/GenericMessage.swift
            Sources/Channels/Intake/Twilio/{CallPlace,TwilioForm,TwilioID}.swift Sources/Channels/Showing/TwiML.swift
            Sources/Integrations/Vendors/Chat/SlackMarkup.swift)
        flags=(-enable-upcoming-feature InternalImportsByDefault)
        ;;
    code)
        # What reads code is compiled with the target: its room stands on far more.
        source=Fuzz/CodeFuzz/CodeFuzz.swift room=Core modules=(Core) dictionary=Fuzz/CodeFuzz/code.dict
        beside=(Sources/Scan/Code/{Syntax,Analysis}/*.swift)
        ;;
    conversation)
        # What hears texts is compiled with the target: the rest of its room stands on the gate.
        source=Fuzz/ConversationFuzz/ConversationFuzz.swift room=Intent beneath=(JSON) modules=(Intent JSON Core)
        dictionary=Fuzz/ConversationFuzz/conversation.dict
        beside=(Sources/Hub/Catalogue/{ArgumentTemplate,Catalogue,ConversationIntent,SlotKind,Telling}.swift
            Sources/Hub/Conversation/*.swift Sources/Hub/Replies/PlainText.swift
            Sources/Hub/Understanding/{ModelText,Names,PhraseTemplate,Phrasebook,Understander,Wording}.swift)
        flags=(-enable-upcoming-feature InternalImportsByDefault)
        ;;
    formats)
        source=Fuzz/FormatsFuzz/FormatsFuzz.swift room=Formats modules=(Formats Web JSON Core "${crypto[@]}")
        dictionary=Fuzz/FormatsFuzz/formats.dict
        ;;
    hcl) source=Fuzz/HCLFuzz/HCLFuzz.swift room=HCL modules=(HCL JSON Core) dictionary=Fuzz/HCLFuzz/hcl.dict ;;
    intent) source=Fuzz/IntentFuzz/IntentFuzz.swift room=Intent modules=(Intent Core) dictionary=Fuzz/IntentFuzz/intent.dict ;;
    json) source=Fuzz/JSONFuzz/JSONFuzz.swift room=JSON modules=(JSON) dictionary=Fuzz/JSONFuzz/json.dict ;;
    lockfiles)
        # What reads files is compiled with the target: the rest of its room stands on far more.
        source=Fuzz/LockfilesFuzz/LockfilesFuzz.swift room=Formats beneath=(Archive) zlib=1
        modules=(Formats Web JSON Archive Core "${crypto[@]}")
        dictionary=Fuzz/LockfilesFuzz/lockfiles.dict
        beside=(Sources/Scan/Dependencies/{Dependency,PackageName}.swift Sources/Scan/Dependencies/Lockfiles/*.swift
            Sources/Scan/Dependencies/Advisories/Ecosystems.swift)
        ;;
    mcp)
        # What reads a peer's bytes is compiled with the target: the rest of the room stands on an HTTP client.
        source=Fuzz/MCPFuzz/MCPFuzz.swift room=Dialects modules=(JSON Core) dictionary=Fuzz/MCPFuzz/mcp.dict
        beside=(Sources/MCP/Wire/*.swift Sources/MCP/Endpoint/LineReader.swift)
        ;;
    note)
        source=Fuzz/NoteFuzz/NoteFuzz.swift room=Ledger dictionary=Fuzz/NoteFuzz/note.dict
        modules=(Ledger JSON Core Crypto CryptoBoringWrapper CCryptoBoringSSL CCryptoBoringSSLShims CXKCP CXKCPShims)
        ;;
    config)
        source=Fuzz/ConfigFuzz/ConfigFuzz.swift room=Config dictionary=Fuzz/ConfigFuzz/config.dict
        modules=(Config JSON Core Yams CYaml)
        headers=.build/fuzz/build/checkouts/Yams/Sources/CYaml/include
        ;;
    plan | rego)
        source=Fuzz/PlanFuzz/PlanFuzz.swift room=Rego dictionary=Fuzz/PlanFuzz/plan.dict
        if [ "$target" = rego ]; then source=Fuzz/RegoFuzz/RegoFuzz.swift dictionary=Fuzz/RegoFuzz/rego.dict; fi
        modules=("${rego[@]}")
        ;;
    schedule)
        # What reads schedules and time zones is compiled with the target: the rest of its room stands on the gate.
        source=Fuzz/ScheduleFuzz/ScheduleFuzz.swift room=Config dictionary=Fuzz/ScheduleFuzz/schedule.dict
        modules=(Config JSON Core Yams CYaml)
        headers=.build/fuzz/build/checkouts/Yams/Sources/CYaml/include
        beside=(Sources/Flow/Engine/Schedules/{CivilTime,CronExpression,CronField,PosixTimeZone,TimeZoneFile,TimeZoneRules}.swift)
        flags=(-enable-upcoming-feature InternalImportsByDefault)
        ;;
    secrets)
        # The files of rules are compiled with the target: their room stands on far more.
        source=Fuzz/SecretsFuzz/SecretsFuzz.swift room=Privacy beneath=(Config) dictionary=Fuzz/SecretsFuzz/secrets.dict
        modules=(Privacy Config Yams CYaml Matching JSON Core Crypto CryptoBoringWrapper CCryptoBoringSSL
            CCryptoBoringSSLShims CXKCP CXKCPShims)
        beside=(Sources/Scan/Rules/OwnRule*.swift Sources/Scan/Inventory/{IgnoreRules,Wildmatch}.swift)
        ;;
    smtp)
        # What a mail server says is read by two files that stand on Core alone.
        source=Fuzz/SMTPFuzz/SMTPFuzz.swift room=Core modules=(Core) dictionary=Fuzz/SMTPFuzz/smtp.dict
        beside=(Sources/Integrations/Mail/SMTP{Reply,Conversation}.swift)
        ;;
    stream)
        source=Fuzz/StreamFuzz/StreamFuzz.swift room=Dialects modules=(Dialects Web JSON Core)
        dictionary=Fuzz/StreamFuzz/stream.dict
        ;;
    workflow)
        # What reads and draws workflows is compiled with the target: the rest of its room stands on the gate.
        source=Fuzz/WorkflowFuzz/WorkflowFuzz.swift room=Config beneath=(Ledger Web) dictionary=Fuzz/WorkflowFuzz/workflow.dict
        modules=(Config Web JSON Core Yams CYaml Crypto CryptoBoringWrapper CCryptoBoringSSL CCryptoBoringSSLShims CXKCP
            CXKCPShims)
        headers=.build/fuzz/build/checkouts/Yams/Sources/CYaml/include
        beside=(Sources/Flow/{Definition,Definition/Format,Expressions,Expressions/Functions,Graph}/*.swift)
        flags=(-enable-upcoming-feature InternalImportsByDefault)
        ;;
    *)
        echo "usage: scripts/fuzz.sh TARGET SECONDS; targets: all, agent, archive, bundle, channels, code, config, conversation, formats, hcl, intent, json, lockfiles, mcp, note, plan, rego, schedule, secrets, smtp, stream, workflow" >&2
        exit 2
        ;;
esac

case "$room" in
    Archive | Privacy | Rego | Policy)
        headers=.build/fuzz/build/checkouts/Yams/Sources/CYaml/include
        flags=(-I Sources/CPCRE2 -I Sources/CVectorscan -I Sources/CZlib)
        read -ra found <<<"$(pkg-config --cflags --libs libhs libpcre2-8 zlib)"
        flags+=("${found[@]}")
        ;;
esac

if [ "${zlib:-}" ]; then flags=(-I Sources/CZlib -lz); fi

out=.build/fuzz
configuration=${FUZZ_CONFIGURATION:-release}
mkdir -p "$out/corpus/$target" "$out/findings"

# One at a time: several targets may be made at once, and SwiftPM writes its plan of the build anew for each.
exec 9>"$out/lock"
flock 9
for each in "$room" ${beneath[@]+"${beneath[@]}"}; do
    swift build --quiet --configuration "$configuration" --scratch-path "$out/build" --target "$each" -Xswiftc -sanitize=fuzzer,address
done
# What is compiled beside belongs to the package, whatever its folder makes SwiftPM call it.
package=$(sed -nE '/"-module-name","Core".*"-package-name"/{s/.*"-package-name","([^"]*)".*/\1/p;q}' "$out/build/$configuration.yaml")
exec 9>&-

built=$out/build/$configuration
objects=()
for module in "${modules[@]}"; do
    while IFS= read -r object; do objects+=("$object"); done < <(find -L "$built/$module.build" -name '*.o')
done
swiftc "$([ "$configuration" = release ] && echo -O || echo -Onone)" -g -swift-version 6 -parse-as-library -module-name Fuzzed -package-name "$package" -sanitize=fuzzer,address \
    -I "$built/Modules" ${headers:+-I "$headers"} "$source" ${beside[@]+"${beside[@]}"} "${objects[@]}" ${flags[@]+"${flags[@]}"} -lm -lstdc++ -o "$out/$target"

# Leaks are left out: the Swift runtime keeps its metadata for good. Its own crash handler trips over the sanitizer and
# hides the trap that it was called for.
export ASAN_OPTIONS=detect_leaks=0 SWIFT_BACKTRACE=enable=no
files=("$@")
if [ ${#files[@]} -eq 0 ]; then files=("$out/corpus/$target"); fi
seeds=$(dirname "$source")/seeds
if [ -d "$seeds" ] && [ $# -eq 0 ]; then files+=("$seeds"); fi
"$out/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 -seed="${FUZZ_SEED:-0}" \
    ${dictionary:+-dict="$dictionary"} -artifact_prefix="$out/findings/" -print_final_stats=1 "${files[@]}"
