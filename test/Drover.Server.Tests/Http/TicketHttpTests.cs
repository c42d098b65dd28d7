using System.Text;
using System.Text.Json;
using Drover.Api;
using Xunit;

namespace Drover.Server.Tests.Http;

public sealed class TicketHttpTests
{
    [Fact]
    public async Task A_stage_is_listed_from_its_most_urgent_ticket_on_and_briefly_if_wished()
    {
        await using var home = await HttpHome.Start();
        home.Register();
        var first = home.File("First", "a body");
        var urgent = home.File("Urgent");
        home.File("Not asked for");
        home.Client().Change("PATCH", $"/api/v1/tickets/{urgent.Key}", new(null, null, null, 1, null, null), ApiJson.Default.TicketChangeJson, Guid.NewGuid());

        var listed = JsonSerializer.Deserialize(home.Client().Get("/api/v1/tickets?stage=backlog&limit=2&brief=true"), ApiJson.Default.IReadOnlyListTicketJson)!;

        Assert.Equal([(urgent.Key, ""), (first.Key, "")], listed.Select(t => (t.Key, t.Body)));
    }

    [Fact]
    public async Task A_repeated_request_is_done_once_and_answered_alike()
    {
        await using var home = await HttpHome.Start();
        home.Register();
        const string wish = """{"project":"app","title":"Once"}""";

        var first = await home.Post("/api/v1/tickets", wish, "key-1");
        var second = await home.Post("/api/v1/tickets", wish, "key-1");
        var other = await home.Post("/api/v1/tickets", """{"project":"app","title":"Another"}""", "key-1");

        Assert.Equal((201, first.Text), (second.Status, second.Text));
        Assert.Equal("idempotency_key_reused", other.Problem.Code);
        Assert.Single(Tickets(home));
        Assert.Single(EventTests.All(home), e => e.Type == "ticket.added");
    }

    [Fact]
    public async Task A_repetition_after_a_restart_gets_the_answer_of_before()
    {
        using var kept = new Journaling.TestHome();
        const string wish = """{"directory":null,"project":"app","title":"Once"}""";
        using (var sample = Git.Sample.WithCommit())
        {
            string before;
            await using (var host = await Start(kept.Path))
            {
                Client(host).Change("POST", "/api/v1/projects", new(sample.Clone, "app", null), ApiJson.Default.NewProjectJson, Guid.NewGuid());
                before = File(host);
            }

            await using var again = await Start(kept.Path);
            Assert.Equal(before, File(again));
        }

        static async Task<Host.DroverHost> Start(string home) => Assert.IsType<Host.HostStart.Running>(await Host.DroverHost.Start(HttpHome.Options(home))).Host;

        static ApiClient Client(Host.DroverHost host) => new(host.Server.Socket, null);

        static string File(Host.DroverHost host) => Encoding.UTF8.GetString(Client(host).Change(
            "POST", "/api/v1/tickets", JsonSerializer.Deserialize(wish, ApiJson.Default.NewTicketJson)!, ApiJson.Default.NewTicketJson, Guid.Empty));
    }

    [Theory]
    [InlineData("$(rm -rf ~) `id` ; && || > /dev/null")]
    [InlineData("'; DROP TABLE tickets; --")]
    [InlineData("../../etc/passwd")]
    [InlineData("-rf --upload-pack=evil")]
    [InlineData("refs/heads/main.lock ~^:?*[\\")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("Größe 中文 🐑 \u202Eevil")]
    public async Task A_title_is_kept_as_it_was_written(string title)
    {
        await using var home = await HttpHome.Start();
        home.Register();

        var filed = home.File(title, $"{title}\n\e[2J{title}");

        Assert.Equal(title, filed.Title);
        Assert.Equal(filed, Tickets(home).Single(), SameTicket);
        Assert.Equal($"{title}\n\e[2J{title}", Tickets(home).Single().Body);
        Assert.Equal(title, EventTests.All(home).Single(e => e.Type == "ticket.added").Data.GetProperty("title").GetString());
    }

    [Theory]
    [InlineData("two\\nlines", "title", "invalid_value", 422)]
    [InlineData("bell\\u0007", "title", "invalid_value", 422)]
    [InlineData("nul\\u0000", "title", "invalid_value", 422)]
    [InlineData("a separator\\u2028 inside", "title", "invalid_value", 422)]
    [InlineData("   ", "title", "invalid_value", 422)]
    [InlineData("half \\ud800", "title", "invalid_request", 400)]
    public async Task A_title_that_is_no_line_of_text_is_refused(string title, string field, string code, int status)
    {
        await using var home = await HttpHome.Start();
        home.Register();

        var answer = await home.Post("/api/v1/tickets", $$"""{"project":"app","title":"{{title}}"}""");

        Assert.Equal((code, status, field), (answer.Problem.Code, answer.Status, answer.Problem.Field));
        Assert.Empty(Tickets(home));
    }

    [Theory]
    [InlineData("title", 301, 0, "300")]
    [InlineData("body", 1, 1024 * 1024, "262144")]
    public async Task What_is_too_long_is_refused_with_the_limit(string field, int title, int body, string limit)
    {
        await using var home = await HttpHome.Start();
        home.Register();

        var answer = await home.Post("/api/v1/tickets", $$"""{"project":"app","title":"{{new string('t', title)}}","body":"{{new string('b', body)}}"}""");

        Assert.Equal(("too_large", 413, field), (answer.Problem.Code, answer.Status, answer.Problem.Field));
        Assert.Contains(limit, answer.Problem.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"project":"app","titel":"x"}""", "titel")]
    [InlineData("""{"project":"app","title":7}""", "title")]
    [InlineData("""{"project":"app","title":"a","title":"b"}""", "title")]
    [InlineData("""{"project":"app",""", null)]
    [InlineData("not json", null)]
    [InlineData("[]", null)]
    public async Task A_body_that_is_not_the_right_json_is_refused_with_the_place(string body, string? field)
    {
        await using var home = await HttpHome.Start();

        var answer = await home.Post("/api/v1/tickets", body);

        Assert.Equal(("invalid_request", 400), (answer.Problem.Code, answer.Status));
        Assert.Contains("line 1", answer.Problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("Drover.", answer.Problem.Detail, StringComparison.Ordinal);
        if (field is not null) Assert.Equal(field, answer.Problem.Field);
    }

    [Fact]
    public async Task A_body_that_is_no_utf8_is_refused()
    {
        await using var home = await HttpHome.Start();

        var answer = await home.Post("/api/v1/tickets", [.. "{\"project\":\"app\",\"title\":\""u8, 0xff, .. "\"}"u8]);

        Assert.Equal(("invalid_request", "title"), (answer.Problem.Code, answer.Problem.Field));
    }

    [Fact]
    public async Task A_held_ticket_moves_nowhere_until_it_is_released_and_each_step_is_told_with_its_actor()
    {
        await using var home = await HttpHome.Start();
        home.Register();
        var key = home.File("Wait").Key;

        Change(home, key, "hold", new("not yet"), ApiJson.Default.ReasonJson);
        var refused = Assert.Throws<RefusedException>(() => Change(home, key, "move", new("ready"), ApiJson.Default.MoveJson));
        var why = home.Client().Get($"/api/v1/tickets/{key}/why", ApiJson.Default.WhyJson);
        Change(home, key, "release", new(null), ApiJson.Default.ReasonJson);
        Change(home, key, "move", new("ready"), ApiJson.Default.MoveJson);

        Assert.Equal("held", refused.Problem.Code);
        Assert.Equal("held", why.Code);
        Assert.Contains("not yet", why.Text, StringComparison.Ordinal);
        var told = EventTests.All(home).Where(e => e.Ticket == key).ToList();
        Assert.Equal(["ticket.added", "ticket.held", "ticket.released", "ticket.moved"], told.Select(e => e.Type));
        Assert.All(told, e => Assert.Equal($"human:{Environment.UserName}", e.Actor));
    }

    [Fact]
    public async Task The_project_of_a_ticket_is_found_from_a_directory_in_its_repository()
    {
        await using var home = await HttpHome.Start();
        var project = home.Register();

        var filed = home.Client().Change("POST", "/api/v1/tickets", new(null, Path.Combine(home.Repository, "sub"), "Here", null, null, null, null, null),
            ApiJson.Default.NewTicketJson, ApiJson.Default.TicketJson, Guid.NewGuid());
        var elsewhere = Assert.Throws<RefusedException>(() => home.Client().Change("POST", "/api/v1/tickets",
            new(null, Path.GetTempPath(), "There", null, null, null, null, null), ApiJson.Default.NewTicketJson, Guid.NewGuid()));

        Assert.Equal((project.Id, "APP-1"), (filed.Project, filed.Key));
        Assert.Equal("project_not_found", elsewhere.Problem.Code);
        Assert.Contains("drover up", elsewhere.Problem.Detail, StringComparison.Ordinal);
    }

    private static void Change<T>(HttpHome home, string key, string verb, T body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        home.Client().Change("POST", $"/api/v1/tickets/{key}/{verb}", body, type, Guid.NewGuid());

    private static IReadOnlyList<TicketJson> Tickets(HttpHome home) => home.Client().Get("/api/v1/tickets?project=app", ApiJson.Default.IReadOnlyListTicketJson);

    private static bool SameTicket(TicketJson a, TicketJson b) => (a.Key, a.Title, a.Body, a.Stage, a.CreatedAt) == (b.Key, b.Title, b.Body, b.Stage, b.CreatedAt);
}
