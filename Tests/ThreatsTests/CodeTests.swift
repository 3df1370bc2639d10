import Testing

@testable import Threats

/// What is read off the code of single files.
@Suite struct CodeTests {
    private func facts(_ text: String, _ path: String) -> CodeFacts { CodeReader.facts(Array(text.utf8), path: path) }

    private func routes(_ text: String, _ path: String) -> [String] {
        facts(text, path).routes.map {
            "\($0.framework) \($0.methods.joined(separator: ",")) \($0.path)\($0.guardName.map { " by \($0)" } ?? "") :\($0.line)"
        }
    }

    @Test func fastAPI() {
        let text = """
            from fastapi import FastAPI, APIRouter, Depends
            router = APIRouter()
            @router.get("/users/{id}")
            async def get(id: int, user: User = Depends(get_current_user)):
                return 1
            @router.post("/users")
            async def make(user: Annotated[User, Depends(get_current_user)]):
                return 1
            @router.delete("/users/{id}", dependencies=[Depends(require_admin)])
            async def drop(id: int, db = Depends(get_db)):
                return 1
            @router.put("/users/{id}")
            async def put(id: int, db = Depends(get_db)):
                return 1
            """
        #expect(
            routes(text, "api.py") == [
                "fastapi GET /users/{id} by get_current_user :3", "fastapi POST /users by get_current_user :6",
                "fastapi DELETE /users/{id} by require_admin :9", "fastapi PUT /users/{id} :12",
            ])
    }

    @Test func django() {
        let text = """
            from django.urls import path, include
            from django.contrib.auth.decorators import login_required
            from . import views
            urlpatterns = [
                path("users/", login_required(views.UserList.as_view())),
                path("ping/", views.ping),
                path("api/", include("api.urls")),
            ]
            """
        #expect(routes(text, "urls.py") == ["django ANY /users/ by login_required :5", "django ANY /ping/ :6"])
    }

    @Test func tornadosHandlersAreGuardedByTheirMethods() {
        let text = """
            from tornado import web
            class UserHandler(web.RequestHandler):
                @web.authenticated
                def get(self):
                    pass
            default_handlers = [(r"/api/users", UserHandler), (r"/health", HealthHandler)]
            """
        #expect(routes(text, "h.py") == ["tornado ANY /api/users :6", "tornado ANY /health :6"])
        #expect(facts(text, "h.py").guarded == ["UserHandler": "web.authenticated"])
    }

    @Test func express() {
        let text = """
            const express = require('express')
            const app = express()
            app.get('/items', (req, res) => res.json([]))
            app.post('/items', requireAuth, (req, res) => res.end())
            app.use('/static', express.static('public'))
            const value = cache.get('/items')
            """
        #expect(routes(text, "server.js") == ["express GET /items :3", "express POST /items by requireAuth :4"])
    }

    @Test func goServers() {
        let standard = """
            package main
            import "net/http"
            func main() {
                mux := http.NewServeMux()
                mux.HandleFunc("GET /items", list)
                http.HandleFunc("/health", health)
            }
            """
        #expect(routes(standard, "main.go") == ["net/http GET /items :5"] + routes(standard, "main.go").dropFirst())
        let gin = """
            package main
            import "github.com/gin-gonic/gin"
            func main() {
                r := gin.Default()
                r.GET("/items", list)
                r.DELETE("/items/:id", RequireLogin(), drop)
            }
            """
        #expect(routes(gin, "main.go") == ["gin GET /items :5", "gin DELETE /items/:id by RequireLogin :6"])
    }

    @Test func swiftServers() {
        let text = """
            import Vapor
            func routes(_ app: Application) throws {
                app.get("hello") { req in "hi" }
                app.post("items", ":id", use: create)
            }
            """
        #expect(routes(text, "routes.swift") == ["vapor GET /hello :3", "vapor POST /items/:id :4"])
    }

    @Test func clientsAndTheirEncryption() {
        let text = """
            import boto3, psycopg2, requests, redis
            s3 = boto3.client("s3")
            c = psycopg2.connect("postgresql://db/x?sslmode=require")
            r = redis.from_url("rediss://cache:6379")
            requests.get("http://plain.shop-partner.com/x")
            requests.get(f"https://api.shop-partner.com/{id}")
            requests.get("https://example.com/")
            requests.get(url)
            """
        let facts = facts(text, "a.py")
        #expect(facts.stores.map(\.technology) == ["s3", "postgresql", "redis"])
        #expect(facts.stores.map(\.isEncrypted) == [nil, true, true])
        #expect(facts.calls.map(\.host) == ["plain.shop-partner.com", "api.shop-partner.com"])
        #expect(facts.calls.map(\.isPlain) == [true, false])
    }

    @Test func modelsOfPersons() {
        let text = """
            from django.db import models
            class Person(models.Model):
                first_name = models.CharField()
                birth_date = models.DateField()
                colour = models.CharField()
            class Colour(models.Model):
                name = models.CharField()
            class NoModel:
                email = 1
            """
        #expect(
            facts(text, "models.py").models == [
                CodeFacts.DataModel(
                    name: "Person", fields: ["birth_date", "first_name"], holdsCredentials: false, line: 2)
            ])
    }

    @Test func aHostIsNeverMoreThanAHost() {
        #expect(CodeReader.host("https://u:p@api.x-y.com:8443/a?b#c")?.host == "api.x-y.com")
        for odd in [
            "https://localhost/", "https://10.0.0.1/", "ftp://a.b.com", "https://{…}.x.com/", "https://ex ample.com",
            "https://",
        ] {
            #expect(CodeReader.host(odd) == nil, "\(odd)")
        }
        #expect(Variables.host("postgres://u:p@db:5432/x") == "db")
        #expect(Variables.host("db:5432") == "db")
        #expect(Variables.host("a b") == nil)
    }

    @Test func guardsAreToldByTheirWords() {
        for name in [
            "login_required", "requireAuth", "jwt_required", "permission_classes", "get_current_user", "needs_scope",
        ] {
            #expect(Words.isGuard(name), "\(name)")
        }
        for name in ["author", "csrf_token", "cors", "validate", "useRouter", "logging", "get_db"] {
            #expect(!Words.isGuard(name), "\(name)")
        }
    }
}
