/// What libraries are for, by the full names of what is called.
enum CodeTables {
    /// What stands for a server whose routes are added to it.
    static let servers: [String: String] = table(
        """
        flask: flask.Flask flask.Blueprint flask_restx.Api flask_restful.Api flask_openapi3.OpenAPI
        fastapi: fastapi.FastAPI fastapi.APIRouter
        starlette: starlette.applications.Starlette
        quart: quart.Quart quart.Blueprint
        sanic: sanic.Sanic sanic.Blueprint
        bottle: bottle.Bottle
        aiohttp: aiohttp.web.RouteTableDef aiohttp.web.Application
        express: express express.Router
        fastify: fastify
        koa: koa-router @koa/router
        hono: hono.Hono
        restify: restify.createServer
        gin: github.com/gin-gonic/gin.Default github.com/gin-gonic/gin.New
        echo: github.com/labstack/echo/v4.New github.com/labstack/echo.New
        chi: github.com/go-chi/chi/v5.NewRouter github.com/go-chi/chi.NewRouter
        fiber: github.com/gofiber/fiber/v2.New github.com/gofiber/fiber/v3.New
        mux: github.com/gorilla/mux.NewRouter
        net/http: net/http.NewServeMux
        Hummingbird: Router RouterBuilder HBApplication
        """)

    /// Modules whose presence makes `app.get("/…")` a route, though where `app` comes from is not in the file.
    static let frameworks: [String: String] = table(
        """
        flask: flask
        fastapi: fastapi
        quart: quart
        sanic: sanic
        express: express
        fastify: fastify
        gin: github.com/gin-gonic/gin
        echo: github.com/labstack/echo/v4 github.com/labstack/echo
        chi: github.com/go-chi/chi/v5 github.com/go-chi/chi
        fiber: github.com/gofiber/fiber/v2 github.com/gofiber/fiber/v3
        mux: github.com/gorilla/mux
        net/http: net/http
        Vapor: Vapor
        Hummingbird: Hummingbird
        """)

    static let stores: [String: String] = table(
        """
        sqlite: sqlite3.connect aiosqlite.connect sqlite3.Database better-sqlite3 DatabaseQueue DatabasePool
        postgresql: psycopg2.connect psycopg.connect asyncpg.connect asyncpg.create_pool psycopg2.pool.ThreadedConnectionPool
        postgresql: pg.Pool pg.Client gorm.io/driver/postgres.Open github.com/jackc/pgx/v5.Connect
        postgresql: github.com/jackc/pgx/v5/pgxpool.New PostgresClient PostgresConnection.connect
        mysql: pymysql.connect MySQLdb.connect mysql.connector.connect mysql.createConnection mysql.createPool
        mysql: mysql2.createConnection mysql2.createPool mysql2/promise.createPool gorm.io/driver/mysql.Open
        sql: sqlalchemy.create_engine sqlalchemy.ext.asyncio.create_async_engine flask_sqlalchemy.SQLAlchemy
        sql: sequelize.Sequelize sequelize knex @prisma/client.PrismaClient typeorm.DataSource sqlmodel.create_engine
        redis: redis.Redis redis.StrictRedis redis.from_url redis.Redis.from_url redis.asyncio.from_url redis.createClient
        redis: ioredis github.com/redis/go-redis/v9.NewClient github.com/go-redis/redis/v8.NewClient
        mongodb: pymongo.MongoClient motor.motor_asyncio.AsyncIOMotorClient mongoose.connect mongodb.MongoClient
        mongodb: go.mongodb.org/mongo-driver/mongo.Connect mongodb.MongoClient.connect
        elasticsearch: elasticsearch.Elasticsearch opensearchpy.OpenSearch @elastic/elasticsearch.Client
        rabbitmq: pika.BlockingConnection amqplib.connect aio_pika.connect_robust
        rabbitmq: github.com/rabbitmq/amqp091-go.Dial
        kafka: kafka.KafkaProducer kafka.KafkaConsumer confluent_kafka.Producer confluent_kafka.Consumer kafkajs.Kafka
        s3: @aws-sdk/client-s3.S3Client aws-sdk.S3 github.com/aws/aws-sdk-go-v2/service/s3.NewFromConfig
        dynamodb: @aws-sdk/client-dynamodb.DynamoDBClient aws-sdk.DynamoDB aws-sdk.DynamoDB.DocumentClient
        sqs: @aws-sdk/client-sqs.SQSClient aws-sdk.SQS
        gcs: google.cloud.storage.Client @google-cloud/storage.Storage cloud.google.com/go/storage.NewClient
        azure-blob: azure.storage.blob.BlobServiceClient @azure/storage-blob.BlobServiceClient
        vault: hvac.Client
        """)

    /// AWS's services by the name that `boto3.client` takes.
    static let services: Set<String> = ["s3", "dynamodb", "sqs", "sns", "secretsmanager", "kinesis", "ssm", "rds-data"]

    /// Schemes of addresses of stores, and of drivers' names.
    static let schemes: [String: String] = [
        "postgres": "postgresql", "postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql", "redis": "redis",
        "rediss": "redis", "mongodb": "mongodb", "amqp": "rabbitmq", "amqps": "rabbitmq", "sqlite": "sqlite",
        "sqlite3": "sqlite", "pg": "postgresql", "pgx": "postgresql", "mssql": "sql-server", "mysql2": "mysql",
        "kafka": "kafka",
    ]

    /// Calls that go out over HTTP to the address in their arguments.
    static let requests: Set<String> = Set(
        ["requests", "httpx", "axios", "got", "needle", "superagent"].flatMap { module in
            ["get", "post", "put", "delete", "patch", "head", "request"].map { "\(module).\($0)" }
        } + [
            "urllib.request.urlopen", "urllib.request.Request", "requests.Session.get", "fetch", "axios", "got",
            "node-fetch", "undici.request", "undici.fetch", "https.request", "https.get", "http.request", "http.get",
            "net/http.Get", "net/http.Post", "net/http.PostForm", "net/http.Head", "net/http.NewRequest",
            "net/http.NewRequestWithContext", "HTTPClientRequest", "URL", "URI", "axios.create",
        ])

    /// Clients that go to one place, which they know themselves.
    static let thirdParties: [String: String] = table(
        """
        api.stripe.com: stripe.checkout.Session.create stripe.Charge.create stripe.Customer.create stripe.PaymentIntent.create
        api.stripe.com: stripe.StripeClient stripe stripe.Webhook.construct_event
        api.openai.com: openai.OpenAI openai.AsyncOpenAI openai.ChatCompletion.create openai
        api.anthropic.com: anthropic.Anthropic anthropic.AsyncAnthropic @anthropic-ai/sdk
        slack.com: slack_sdk.WebClient @slack/web-api.WebClient
        api.twilio.com: twilio.rest.Client twilio
        api.sendgrid.com: sendgrid.SendGridAPIClient @sendgrid/mail.send
        mail: smtplib.SMTP nodemailer.createTransport net/smtp.SendMail
        api.github.com: github.Github @octokit/rest.Octokit
        """)

    /// What bounds how often one may come.
    static let limiters: Set<String> = [
        "flask_limiter.Limiter", "slowapi.Limiter", "express-rate-limit", "express-rate-limit.rateLimit",
        "rate-limiter-flexible.RateLimiterMemory", "golang.org/x/time/rate.NewLimiter",
    ]

    /// What checks that forms are one's own.
    static let formChecks: Set<String> = [
        "flask_wtf.csrf.CSRFProtect", "flask_wtf.CSRFProtect", "csurf", "github.com/gorilla/csrf.Protect",
    ]

    /// `VALUE: key key`, a value a line.
    private static func table(_ text: String) -> [String: String] {
        var out: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let value = words.first?.dropLast() else { continue }
            for key in words.dropFirst() { out[String(key)] = String(value) }
        }
        return out
    }
}
