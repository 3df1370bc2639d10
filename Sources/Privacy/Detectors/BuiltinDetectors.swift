import Core

extension Detector {
    /// Every detector that comes with the house.
    public static let builtin: [Detector] =
        forms + americanNumbers + europeanNumbers + otherNumbers + tokens + [
            Detector("secret", .secret, .secret, confidence: 0.5, withContext: 0.9, .secrets)
        ]

    private static let forms: [Detector] = [
        Detector("pii.email", .email, confidence: 0.97, withContext: 0.99, .form(.email)),
        Detector(
            "pii.phone", .phone, confidence: 0.6, withContext: 0.9,
            context: [
                "phone", "call", "tel", "mobile", "cell", "fax", "desk", "office", "reach", "contact", "text me",
                "ring", "dial", "whatsapp", "sms", "answering", "hotline", "handy", "rufnummer", "móvil", "movil",
                "teléfono", "llama", "portable", "appel", "cellulare", "chiam", "bel ", "telefoon", "telefon",
                "puhelin",
                "celular", "ligue", "number is", "registered", "voicemail", "landline", "extension", "zadzwo", "ring",
            ], .form(.phone)),
        Detector(
            "pii.iban", .iban, .pci, confidence: 0.97, withContext: 0.99, context: ["iban"], .form(.iban)),
        Detector("pii.ip", .ip, confidence: 0.9, withContext: 0.95, context: ["ip"], .form(.ip)),
        Detector("pii.mac", .mac, confidence: 0.9, withContext: 0.95, context: ["mac"], .form(.mac)),
        Detector(
            "pii.date", .date, confidence: 0.6, withContext: 0.95,
            context: [
                "born", "birth", "dob", "d.o.b", "bday", "geboren", "geburt", "né le", "née le", "naissance", "nacid",
                "nacim", "nato ", "nata ", "nascita", "nascid", "nascim", "urodz", "født", "född", "syntynyt",
            ], .form(.date)),
        Detector("pii.address", .address, confidence: 0.7, withContext: 0.9, .form(.address)),
        Detector("pii.person", .person, confidence: 0.7, withContext: 0.9, .form(.person)),
        Detector("pii.coordinates", .coordinates, confidence: 0.7, withContext: 0.9, .form(.coordinates)),
        Detector("pii.url", .url, confidence: 0.9, withContext: 0.95, .form(.url)),
        Detector("secret.url", .secret, .secret, confidence: 0.9, withContext: 0.9, .form(.urlPassword)),
        Detector("secret.entropy", .highEntropy, .secret, confidence: 0.4, withContext: 0.4, .form(.highEntropy)),
        Detector("pii.crypto", .crypto, confidence: 0.95, withContext: 0.98, .form(.crypto)),
    ]
}
