using Drover.Api;
using Xunit;

namespace Drover.Server.Tests.Http;

public sealed class DependencyHttpTests
{
    [Fact]
    public async Task A_ticket_is_filed_with_what_it_depends_on_and_shown_with_where_that_stands()
    {
        await using var home = await Start();
        home.File("First");
        home.File("Second");

        var filed = Add(home, "Third", ["APP-2", "app-1", "APP-1"]);
        Move(home, "APP-2", "ready");

        Assert.Equal(["APP-1 backlog", "APP-2 backlog"], Needs(filed));
        Assert.Equal(["APP-1 backlog", "APP-2 ready"], Needs(Show(home, "APP-3")));
        var listed = home.Client().Get("/api/v1/tickets?project=app", ApiJson.Default.IReadOnlyListTicketJson);
        Assert.Equal(["APP-3: APP-1 backlog, APP-2 ready", "APP-2: ", "APP-1: "], listed.Select(t => $"{t.Key}: {string.Join(", ", Needs(t))}"));
        Assert.Equal("APP-2 APP-1", Keys(EventTests.All(home).Single(e => e.Type == "ticket.added" && e.Ticket == "APP-3"), "dependsOn"));
    }

    [Fact]
    public async Task Dependencies_are_added_and_taken_away_each_once_and_what_changed_is_told()
    {
        await using var home = await Start(tickets: 3);

        Edit(home, "APP-3", ["APP-1"]);
        var changed = Edit(home, "APP-3", ["APP-1", "APP-2"], ["APP-3"]);
        var again = Edit(home, "APP-3", null, ["APP-1"]);
        Edit(home, "APP-3", null, ["APP-1"]);

        Assert.Equal(["APP-1 backlog", "APP-2 backlog"], Needs(changed));
        Assert.Equal(["APP-2 backlog"], Needs(again));
        Assert.Equal(["+APP-1 -", "+APP-2 -", "+ -APP-1", "+ -"],
            EventTests.All(home).Where(e => e.Type == "ticket.changed").Select(e => $"+{Keys(e, "dependsOn")} -{Keys(e, "independentOf")}"));
    }

    [Theory]
    [InlineData("APP-9", "ticket_not_found", "there is no ticket APP-9")]
    [InlineData("nonsense", "invalid_value", "'nonsense'")]
    [InlineData("", "invalid_value", "''")]
    [InlineData("APP-1", "conflict", "APP-1 → APP-1")]
    [InlineData("WEB-1", "conflict", "is a ticket of the project web")]
    [InlineData("APP-2", "conflict", "APP-2 was cancelled")]
    public async Task What_cannot_be_depended_on_is_refused_and_nothing_of_the_change_is_kept(string key, string code, string text)
    {
        await using var home = await Start(tickets: 3);
        using var other = Git.Sample.WithCommit();
        home.Client().Change("POST", "/api/v1/projects", new(other.Clone, "web", "WEB"), ApiJson.Default.NewProjectJson, Guid.NewGuid());
        home.Client().Change("POST", "/api/v1/tickets", new("web", null, "Elsewhere", null, null, null, null, null), ApiJson.Default.NewTicketJson, Guid.NewGuid());
        Cancel(home, "APP-2");

        var refused = Assert.Throws<RefusedException>(() => Edit(home, "APP-1", ["APP-3", key], title: "Another"));

        Assert.Equal((code, "dependsOn"), (refused.Problem.Code, refused.Problem.Field));
        Assert.Contains(text, refused.Problem.Detail, StringComparison.Ordinal);
        var kept = Show(home, "APP-1");
        Assert.Equal(("Ticket 1", 0), (kept.Title, kept.DependsOn.Count));
        if (key == "APP-1") return;
        Assert.Equal(code, Assert.Throws<RefusedException>(() => Add(home, "New", [key])).Problem.Code);
        Assert.Equal("ticket_not_found", Assert.Throws<RefusedException>(() => Show(home, "APP-4")).Problem.Code);
    }

    [Fact]
    public async Task A_circle_is_refused_with_its_way_and_with_what_opens_it()
    {
        await using var home = await Start(tickets: 3);
        Edit(home, "APP-1", ["APP-2"]);
        Edit(home, "APP-2", ["APP-3"]);

        var refused = Assert.Throws<RefusedException>(() => Edit(home, "APP-3", ["APP-1"])).Problem;
        Assert.Equal("conflict", refused.Code);
        Assert.Contains("APP-3 → APP-1 → APP-2 → APP-3", refused.Detail, StringComparison.Ordinal);
        Assert.Contains("drover ticket edit APP-1 --independent-of APP-2", refused.Detail, StringComparison.Ordinal);

        Edit(home, "APP-1", null, ["APP-2"]);
        Assert.Equal(["APP-1 backlog"], Needs(Edit(home, "APP-3", ["APP-1"])));
    }

    [Fact]
    public async Task A_ticket_depends_on_fifty_others_at_most()
    {
        await using var home = await Start(tickets: 52);
        var others = Enumerable.Range(1, 51).Select(n => $"APP-{n}").ToArray();

        Assert.Equal("too_large", Assert.Throws<RefusedException>(() => Add(home, "All", others)).Problem.Code);
        Edit(home, "APP-52", others[..50]);
        Assert.Contains("50", Assert.Throws<RefusedException>(() => Edit(home, "APP-52", others[50..])).Problem.Detail, StringComparison.Ordinal);
        Assert.Equal(50, Edit(home, "APP-52", others[50..], others[..1]).DependsOn.Count);
    }

    [Fact]
    public async Task The_same_ticket_cannot_be_added_and_taken_away_at_once()
    {
        await using var home = await Start(tickets: 2);

        var refused = Assert.Throws<RefusedException>(() => Edit(home, "APP-1", ["APP-2"], ["APP-2"]));

        Assert.Equal(("invalid_value", "ticket_not_found"),
            (refused.Problem.Code, Assert.Throws<RefusedException>(() => Edit(home, "APP-1", null, ["APP-9"])).Problem.Code));
    }

    [Fact]
    public async Task Of_commands_that_would_close_a_circle_together_one_is_refused_however_they_race()
    {
        const int ring = 8;
        await using var home = await Start(tickets: ring);

        for (var round = 0; round < 5; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(1, ring).Select(n => Task.Run(() => TryEdit(home, $"APP-{n}", $"APP-{(n % ring) + 1}"))));

            var refused = Assert.Single(answers, a => a is not null);
            Assert.Equal(ring, refused!.Split(" → ").Length - 1);
            for (var n = 1; n <= ring; n++) Edit(home, $"APP-{n}", null, [$"APP-{(n % ring) + 1}"]);
        }
    }

    [Fact]
    public async Task A_ticket_whose_need_is_cancelled_waits_on_and_why_says_what_to_do()
    {
        await using var home = await Start(tickets: 2);
        home.Commit("drover.yaml", "agents:\n  coder:\n    adapter: claude\n");
        Edit(home, "APP-2", ["APP-1"]);
        Move(home, "APP-2", "ready");
        var before = Why(home, "APP-2");

        Cancel(home, "APP-1");
        var after = Why(home, "APP-2");

        Assert.Equal(("dependencies", "dependencies"), (before.Code, after.Code));
        Assert.Contains("APP-2 waits for APP-1 (backlog) to be done", before.Text, StringComparison.Ordinal);
        Assert.Contains("APP-2 depends on APP-1, which was cancelled", after.Text, StringComparison.Ordinal);
        Assert.Contains("drover ticket edit APP-2 --independent-of APP-1", after.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(EventTests.All(home), e => e.Type == "run.reserved");
    }

    private static async Task<HttpHome> Start(int tickets = 0)
    {
        var home = await HttpHome.Start();
        home.Register();
        for (var n = 1; n <= tickets; n++) home.File($"Ticket {n}");
        return home;
    }

    private static TicketJson Add(HttpHome home, string title, string[] dependsOn) => home.Client().Change("POST", "/api/v1/tickets",
        new("app", null, title, null, null, null, null, null) { DependsOn = dependsOn }, ApiJson.Default.NewTicketJson, ApiJson.Default.TicketJson, Guid.NewGuid());

    private static TicketJson Edit(HttpHome home, string key, string[]? dependsOn, string[]? independentOf = null, string? title = null) => home.Client().Change(
        "PATCH", $"/api/v1/tickets/{key}", new(title, null, null, null, null, null) { DependsOn = dependsOn, IndependentOf = independentOf },
        ApiJson.Default.TicketChangeJson, ApiJson.Default.TicketJson, Guid.NewGuid());

    /// <summary>What the refusal says; null when it was done.</summary>
    private static string? TryEdit(HttpHome home, string key, string dependsOn)
    {
        try
        {
            Edit(home, key, [dependsOn]);
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Problem.Detail;
        }
    }

    private static TicketJson Show(HttpHome home, string key) => home.Client().Get($"/api/v1/tickets/{key}", ApiJson.Default.TicketJson);

    private static WhyJson Why(HttpHome home, string key) => home.Client().Get($"/api/v1/tickets/{key}/why", ApiJson.Default.WhyJson);

    private static void Move(HttpHome home, string key, string stage) =>
        home.Client().Change("POST", $"/api/v1/tickets/{key}/move", new(stage), ApiJson.Default.MoveJson, Guid.NewGuid());

    private static void Cancel(HttpHome home, string key) =>
        home.Client().Change("POST", $"/api/v1/tickets/{key}/cancel", new("not wanted"), ApiJson.Default.ReasonJson, Guid.NewGuid());

    private static IEnumerable<string> Needs(TicketJson ticket) => ticket.DependsOn.Select(n => $"{n.Ticket} {n.Stage}");

    private static string Keys(EventJson e, string name) => string.Join(' ', e.Data.GetProperty(name).EnumerateArray().Select(k => k.GetString()));
}
