import Core

extension SecretRule {
    /// Chat, mail, telephony.
    static let messagingRules: [SecretRule] = [
        .token(
            "slack-bot-token", "Slack bot token", ["xoxb-"], #"xoxb-[0-9]{8,14}-(?:[0-9]{8,14}-)?[A-Za-z0-9\-]{17,34}"#,
            at: "api.slack.com → your app → OAuth & permissions; revoke tokens"),
        .token(
            "slack-user-token", "Slack user token", ["xox[pe]-[0-9]{4}"],
            #"xox[pe]-(?:[0-9]{8,14}-){2,3}[A-Za-z0-9\-]{26,34}"#,
            at: "api.slack.com → your app → OAuth & permissions; revoke tokens"),
        .token(
            "slack-app-token", "Slack app token", ["xapp-"], "xapp-[0-9]-[A-Z0-9]{8,14}-[0-9]{8,16}-[a-z0-9]{60,70}",
            at: "api.slack.com → your app → basic information → app-level tokens"),
        .token(
            "slack-config-token", "Slack configuration token", [#"xoxe\.xox"#, "xoxe-[0-9]"],
            #"xoxe\.xox[bp]-[0-9]-[A-Za-z0-9]{100,180}|xoxe-[0-9]-[A-Za-z0-9]{120,180}"#,
            at: "api.slack.com → your apps → configuration tokens"),
        .token(
            "slack-legacy-token", "Slack legacy token", ["xox[osar]-"],
            "xox[os]-(?:[0-9]{6,14}-){3}[A-Fa-f0-9]{8,64}"
                + "|xox[ar]-(?:[0-9]-)?[0-9A-Za-z]{8,48}(?:-[0-9A-Za-z]{6,48}){0,4}",
            entropy: 2.4, check: .lettersAndDigits, at: "api.slack.com/legacy/custom-integrations/legacy-tokens"),
        .around(
            "slack-webhook", "Slack webhook", [#"hooks\.slack\.com/"#],
            #"hooks\.slack\.com/((?:services|workflows|triggers)/[A-Za-z0-9+/]{43,60})(?![A-Za-z0-9+/])"#,
            at: "api.slack.com → your app → incoming webhooks"),
        .around(
            "teams-webhook", "Microsoft Teams webhook", [#"webhook\.office\.com/"#],
            #"webhook\.office\.com/(webhookb2/[0-9a-f\-@]{73}/IncomingWebhook/[0-9a-f]{32}/[0-9a-f\-]{36})"#,
            at: "Teams → channel → connectors"),
        .around(
            "discord-webhook", "Discord webhook", [#"discord\.com/api/webhooks/"#, #"discordapp\.com/api/webhooks/"#],
            #"discord(?:app)?\.com/api/webhooks/[0-9]{17,20}/([A-Za-z0-9_\-]{60,80})"#,
            at: "Discord → channel → integrations → webhooks"),
        .around(
            "discord-bot-token", "Discord bot token", [#"\.[A-Za-z0-9_\-]{6}\."#], before: 28, after: 64,
            #"(?<![\w\-.])([MNO][\w\-]{23,27}\.[\w\-]{6}\.[\w\-]{27,38})(?![\w\-.])"#,
            entropy: 4, check: .encodedNumber, at: "discord.com/developers → your application → bot"),
        .around(
            "telegram-bot-token", "Telegram bot token", [#":A[A-Za-z0-9_\-]{4}"#], before: 19, after: 64,
            #"(?<![A-Za-z0-9_\-:.])((?:bot)?[0-9]{5,16}:A[A-Za-z0-9_\-]{34})(?![A-Za-z0-9_\-])"#,
            check: .lettersAndDigits, at: "@BotFather → /revoke"),
        .token(
            "twilio-api-key", "Twilio API key", ["SK[0-9a-f]{4}"], "SK[0-9a-f]{32}",
            at: "Twilio console → API keys & tokens"),
        .token(
            "sendgrid-key", "SendGrid API key", [#"SG\.[A-Za-z0-9]"#], #"SG\.[A-Za-z0-9_=.\-]{66}"#, entropy: 3.5,
            at: "SendGrid → settings → API keys"),
        .token(
            "brevo-key", "Brevo API key", ["xkeysib-"], "xkeysib-[a-f0-9]{64}-[A-Za-z0-9]{16}", at: "Brevo → SMTP & API"
        ),
        .around(
            "mailchimp-key", "Mailchimp API key", ["[0-9a-f]-us[0-9]"], before: 31, after: 16,
            // What its mobile kit is initialised with is public.
            #"(?<![A-Za-z0-9_])(?<!initialize\(token: )([0-9a-f]{32}-us[0-9]{1,2})(?![A-Za-z0-9_])"#,
            at: "Mailchimp → profile → extras → API keys"),
        .token(
            "mailgun-key", "Mailgun key", ["key-[0-9a-f]{4}", "pubkey-"], "(?:pub)?key-[0-9a-f]{32}",
            at: "Mailgun → API security"),
        .token(
            "typeform-token", "Typeform token", ["tfp_"], "tfp_[A-Za-z0-9_.=\\-]{59}",
            at: "Typeform → account → personal tokens"),
    ]

    /// Payment, commerce and shipping.
    static let paymentRules: [SecretRule] = [
        .token(
            "stripe-key", "Stripe secret key", ["[sr]k_live_", "[sr]k_test_", "[sr]k_prod_"],
            "[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,120}",
            severity: .critical, at: "dashboard.stripe.com → developers → API keys; roll"),
        .token(
            "stripe-webhook-secret", "Stripe webhook secret", ["whsec_"], "whsec_[A-Za-z0-9]{32,64}",
            at: "dashboard.stripe.com → webhooks; roll"),
        .token(
            "square-token", "Square access token", ["sq0[a-z]{3}-", "EAAA"],
            #"sq0[a-z]{3}-[A-Za-z0-9_\-]{22,43}|EAAA[A-Za-z0-9_\-]{60}"#,
            entropy: 3.5, at: "developer.squareup.com → applications → credentials"),
        .token(
            "shopify-token", "Shopify token", ["shp[cps]a_", "shpat_", "shpss_"],
            "shp(?:at|ca|pa|ss|sa)_[A-Fa-f0-9]{32}",
            at: "Shopify admin → apps → develop apps"),
        .token(
            "flutterwave-key", "Flutterwave key", ["FLW(?:SECK|PUBK)_", "FLW(?:SECK|PUBK)-"],
            "FLW(?:SECK|PUBK)(?:_TEST)?-(?:[A-Za-z0-9]{32}-X|[A-Za-z0-9]{12})", at: "Flutterwave → settings → API"),
        .token(
            "razorpay-key", "Razorpay key ID", ["rzp_(?:live|test)_"], "rzp_(?:live|test)_[A-Za-z0-9]{14}",
            severity: .medium,
            check: .lettersAndDigits, at: "Razorpay → settings → API keys"),
        .token(
            "plaid-access-token", "Plaid access token",
            ["access-sandbox-", "access-development-", "access-production-"],
            "access-(?:sandbox|development|production)-\(Shape.uuid)", at: "Plaid → /item/access_token/invalidate"),
        .token(
            "easypost-key", "EasyPost API key", ["EZ[AT]K"], "EZ[AT]K[A-Za-z0-9]{54}", entropy: 4,
            check: .lettersAndDigits,
            at: "EasyPost → account → API keys"),
        .token(
            "shippo-token", "Shippo API token", ["shippo_"], "shippo_(?:live|test)_[A-Fa-f0-9]{40}",
            at: "Shippo → settings → API"),
        .token(
            "duffel-token", "Duffel access token", ["duffel_"], "duffel_(?:test|live)_[A-Za-z0-9_=\\-]{43}",
            at: "Duffel → developers → access tokens"),
        .token(
            "adyen-key", "Adyen API key", ["AQE[a-z0-9A-Z]hm"], #"AQE[A-Za-z0-9]hm[A-Za-z0-9+/=_\-]{60,300}"#,
            entropy: 4, at: "Adyen → developers → API credentials"),
        .token(
            "paypal-braintree-token", "PayPal Braintree access token", [#"access_token\$"#],
            #"access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}"#, severity: .critical,
            at: "Braintree → settings → API"),
    ]
}
