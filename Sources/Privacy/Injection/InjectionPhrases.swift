import Matching

/// What attacks on models say, in several languages.
enum InjectionPhrases {
    struct Phrase {
        var kind: InjectionAssessment.Kind
        var weight: Double
        var pattern: String
    }

    static let all: [Phrase] =
        instructions.map { Phrase(kind: .instruction, weight: 0.7, pattern: $0) }
        + hints.map { Phrase(kind: .instruction, weight: 0.4, pattern: $0) }
        + markers.map { Phrase(kind: .roleMarker, weight: 0.6, pattern: $0) }

    private static let instructions: [String] = [
        #"\b(ignore|disregard|forget|override|bypass|neglect)\b.{0,30}\b(previous|prior|above|earlier|"#
            + #"preceding|all|any|your|system|original|these|those)\b.{0,30}\b(instructions?|prompts?|rules|"#
            + #"guidelines|directions|directives|programming|constraints|restrictions|safeguards|training)\b"#,
        #"\b(do not|don't|never|without) (tell|telling|inform|informing|mention|mentioning|alert|"#
            + #"alerting|notify|notifying|asking|ask|warn|warning)\b.{0,25}\b(the )?(user|human|operator|owner|"#
            + #"anyone)\b"#,
        #"\b(reveal|print|repeat|show|output|disclose|display|leak|give|tell)\b.{0,30}\b(system prompt|"#
            + #"initial prompt|hidden prompt|(initial|hidden|secret|original|system) instructions|"#
            + #"your (instructions|prompt|rules|guidelines))\b"#,
        #"\b(you are now|from now on,? you|pretend (that )?(you are|to be)|act as) "#
            + #".{0,40}\b(unrestricted|uncensored|unfiltered|jailbroken|without (any )?(restrictions|limits|"#
            + #"rules|filters)|dan\b|evil|root|admin|developer mode|no restrictions|no rules)"#,
        #"\b(do anything now|developer mode (enabled|on|activated)|jailbreak mode|god mode|system override)\b"#,
        #"\b(important|urgent|new|updated|special|additional|real|actual|"#
            + #"mandatory) (system )?(instructions?|directives?|orders?|task)\b.{0,20}\b(for|to) (the |any |"#
            + #"all )?(ai|assistants?|models?|agents?|llms?|chatbots?|language models?|copilot)\b"#,
        #"\b(if you are|attention,?|note to|message (for|to)|hey|dear|listen,?) (an? |the |any |"#
            + #"all )?(ai|llm|language model|ai (assistant|agent|model)|ai-?assistant|large language model|"#
            + #"agent|chatbot)s?\b.{0,60}\b(must|should|please|ignore|send|call|run|execute|follow|write|rate|"#
            + #"say|output|include|reply|respond|do|delete|approve)\b"#,
        #"\b(ignoriere|vergiss|missachte|ignorieren sie|vergessen sie)\b.{0,40}(anweisungen|vorgaben|"#
            + #"regeln|befehle|instruktionen)"#,
        #"\b(ignore[zr]?|oublie[zr]?)\b.{0,40}(instructions|consignes|r(è|e)gles|directives) (pr(é|e)c(é|"#
            + #"e)dentes|ci-dessus|ant(é|e)rieures)"#,
        #"\b(ignora|olvida|ignore|olvide|descarta)\b.{0,30}(instrucciones|reglas|indicaciones|(ó|o)rdenes)"#,
        #"\b(ignora|dimentica|ignorate)\b.{0,30}(istruzioni|regole|indicazioni)"#,
        #"\b(ignore|esque(ç|c)a|desconsidere)\b.{0,30}(instru(ç|c)(õ|o)es|regras)"#,
        #"\b(negeer|vergeet)\b.{0,30}(instructies|opdrachten|regels|aanwijzingen)"#,
        #"\b(zignoruj|zapomnij|pomi(ń|n))\b.{0,40}(instrukcje|polecenia|zasady|instrukcjach|poleceniach)"#,
        "(игнорируй|Игнорируй|забудь|Забудь|игнорируйте|Игнорируйте)"
            + ".{0,60}(инструкции|указания|правила|команды)",
        "(忽略|无视|忘记|忽視|不要理会).{0,40}(指令|指示|说明|提示|规则|命令)",
        "(指示|命令|ルール|プロンプト).{0,20}(無視|忘れ)",
    ]

    private static let hints: [String] = [
        #"\b(send|post|email|e-mail|forward|upload|exfiltrate|transmit|submit|append)\b"#
            + #".{0,60}\b(passwords?|api[ _-]?keys?|credentials?|secrets?|access tokens?|conversation|"#
            + #"chat history|private keys?|environment variables|\.env|ssh keys?|cookies)\b.{0,60}(https?://|@|"#
            + #"\bto )"#,
        #"\b(from now on|you are now|your new (task|role|goal|objective|instructions?) (is|are)|"#
            + #"your real (task|goal))\b"#,
        #"\b(this is not visible to|hidden from|invisible to) (the )?(user|human)s?\b"#,
        #"\b(execute|run|call|invoke|use) the .{0,30}\b(tool|function|command|shell)\b.{0,40}\b(delete|"#
            + #"rm -rf|drop|transfer|curl|wget|send|disable)\b"#,
        #"\b(always|must|only) (recommend|rate|say|answer|respond|approve|output)\b.{0,40}\b(regardless|"#
            + #"no matter|instead of)\b"#,
        #"\b(repeat|print|output|quote) (everything|all( the)? text|all words|the words|the text|"#
            + #"what is written) (above|before)\b"#,
        #"\b(end of|stop|cancel|abort) (the )?(previous|user|original|current) (input|prompt|task|"#
            + #"instructions?|conversation)\b"#,
    ]

    private static let markers: [String] = [
        #"<\|(im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|begin_of_text)\|>"#,
        #"\[/?INST\]"#, "<</?SYS>>", #"</?(system|assistant|system_prompt|system-reminder|instructions?|admin)>"#,
        #"(^|\n)#{1,6} ?(system|new instructions?|instructions? for (the )?(ai|assistant|model))\b ?:?"#,
        #"(^|\n)\[?\(?(system|system message|system note|admin|developer)\]?\)?: "#,
        #"(^|\n)(human|assistant): .{0,200}\n(human|assistant): "#, #""role" ?: ?"system""#,
    ]
}
