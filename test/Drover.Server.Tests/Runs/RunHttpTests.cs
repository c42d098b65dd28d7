using System.Text.Json;
using Drover.Api;
using Drover.Core;
using Drover.Server.Runs;
using Drover.Server.Tests.Http;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>A run as scripts and the page see it, over the server's own doors.</summary>
public sealed class RunHttpTests
{
    [Fact]
    [Trait("row", "K1")]
    [Trait("row", "K2")]
    [Trait("row", "K14")]
    [Trait("row", "K16")]
    [Trait("row", "K17")]
    [Trait("row", "Y70")]
    [Trait("row", "K18")]
    [Trait("row", "K29")]
    public async Task A_run_is_started_followed_shown_and_removed()
    {
        await using var home = await HttpHome.Start();
        Configure(home, "steps: [{edit: {path: new.txt, content: x}}, {commit: A}, {say: It is there.}]");
        home.Register();
        var ticket = home.File("Add a file", "Please.");

        var reserved = home.Client().Change("POST", "/api/v1/runs", new(ticket.Key, null, null, "Be quick."), ApiJson.Default.StartRunJson, ApiJson.Default.StartedJson, Guid.NewGuid()).Run!;
        var lines = home.Client().Follow($"/api/v1/events?run={reserved.Id}&after=0&follow=true").TakeWhile(m => !m.Data.Contains("\"run.settled\"", StringComparison.Ordinal)).ToList();
        var run = home.Client().Get($"/api/v1/runs/{reserved.Name}", ApiJson.Default.RunJson);

        Assert.Equal(("reserved", "starting", null, null, null), (reserved.State, reserved.Status, reserved.Outcome, reserved.Prompt, reserved.Conversation));
        Assert.Equal((reserved.Id, "settled", "succeeded", "succeeded", "APP-1", "APP-1/1"), (run.Id, run.State, run.Status, run.Outcome, run.Ticket, run.Attempt));
        Assert.Equal(("coder", "coder", "drover/APP-1/1/work", "It is there.", null), (run.Agent, run.Role, run.Branch, run.Summary, run.Note));
        Assert.Equal((1, 1, 1, 0), (run.Work!.Commits, run.Work.Files, run.Work.Insertions, run.Work.Deletions));
        Assert.NotNull(run.Conversation);
        Assert.NotNull(run.Base);
        Assert.NotNull(run.Head);
        Assert.NotNull(run.StartedAt);
        Assert.True(run.CreatedAt <= run.EndedAt);
        Assert.Contains("Be quick.", run.Prompt, StringComparison.Ordinal);
        Assert.Contains("***", run.CommandLine!);
        Assert.DoesNotContain("hush", run.CommandLine!);
        Assert.Contains(lines, m => m.Data.Contains("It is there.", StringComparison.Ordinal));

        // The same feed of the settled run is its history, and ends.
        var history = home.Client().Follow($"/api/v1/events?run={reserved.Id}&after=0&follow=true").ToList();
        Assert.Equal(lines.Select(m => m.Data), history.Take(lines.Count).Select(m => m.Data));
        Assert.Equal("end", history[^1].Type);
        Assert.Contains("settled", history[^1].Data, StringComparison.Ordinal);

        var token = RunTokens.Open(home.Host.Server.Home).TokenOf(new RunId(run.Id));
        foreach (var path in (string[])["runs", $"runs/{run.Id}", "events?after=0&follow=false", "status", "tickets", "tickets/APP-1", "projects"])
        {
            var answer = System.Text.Encoding.UTF8.GetString(home.Client().Get($"/api/v1/{path}"));
            Assert.DoesNotContain(token, answer, StringComparison.Ordinal);
            Assert.DoesNotContain("hush", answer, StringComparison.Ordinal);
        }

        Assert.Equal("not_live", (await home.Post($"/api/v1/runs/{run.Name}/say", """{"text":"Hello?"}""")).Problem.Code);
        Assert.Equal("not_live", (await home.Post($"/api/v1/runs/{run.Name}/stop", "{}")).Problem.Code);
        Assert.Equal("run_not_found", (await home.Post("/api/v1/runs/nobody/say", """{"text":"Hello?"}""")).Problem.Code);

        var shown = home.Client().Get("/api/v1/tickets/APP-1", ApiJson.Default.TicketJson);
        Assert.Equal((run.Name, "succeeded"), (Assert.Single(shown.Work!.Runs).Name, shown.Work.Runs[0].Status));

        Assert.False(Removed(home, "nobody"));
        Assert.True(Removed(home, run.Id));
        Assert.False(Removed(home, run.Id));
        Assert.Empty(home.Client().Get("/api/v1/runs?ticket=APP-1", ApiJson.Default.IReadOnlyListRunJson));
    }

    [Fact]
    public async Task A_settled_run_is_refined_over_the_door_and_a_repeated_order_is_one_order()
    {
        await using var home = await HttpHome.Start();
        Configure(home, "turns: [[{edit: {path: new.txt, content: x}}, {commit: A}], [{say: I see.}, {edit: {path: b.txt, content: x}}, {commit: B}]]");
        home.Register();
        var ticket = home.File("Add a file", "Please.");
        var first = home.Client().Change("POST", "/api/v1/runs", new(ticket.Key, null, null, null), ApiJson.Default.StartRunJson, ApiJson.Default.StartedJson, Guid.NewGuid()).Run!;
        UntilSettled(home, first.Id);

        var key = Guid.NewGuid();
        var orders = Enumerable.Range(0, 2).Select(_ => home.Client().Change(
            "POST", $"/api/v1/runs/{first.Name}/refine", new("And b.", null), ApiJson.Default.ContinueRunJson, ApiJson.Default.RunJson, key)).ToList();
        UntilSettled(home, orders[0].Id);
        var run = home.Client().Get($"/api/v1/runs/{orders[0].Id}", ApiJson.Default.RunJson);

        Assert.Equal(orders[0].Id, orders[1].Id);
        Assert.Equal((first.Id, null, "And b.", "succeeded", 2), (run.ResumeOf, run.FreshReason, run.Prompt, run.Outcome, run.Work!.Commits));
        Assert.Empty(run.Messages!);
        Assert.Equal("run_not_found", (await home.Post("/api/v1/runs/nobody/refine", "{}")).Problem.Code);
    }

    [Fact]
    public async Task What_cannot_be_started_is_refused_with_its_reason_and_nothing_is_made()
    {
        await using var home = await HttpHome.Start();
        home.Commit("drover.yaml", "agents: 7\n");
        home.Register();
        home.File("Add a file");

        Assert.Equal("invalid_configuration", (await home.Post("/api/v1/runs", """{"ticket":"APP-1"}""")).Problem.Code);
        Configure(home, "steps: [{say: Hello.}]");
        Assert.Equal("ticket_not_found", (await home.Post("/api/v1/runs", """{"ticket":"APP-9"}""")).Problem.Code);
        Assert.Equal("invalid_value", (await home.Post("/api/v1/runs", """{"ticket":"../../etc"}""")).Problem.Code);
        Assert.Equal("agent_not_found", (await home.Post("/api/v1/runs", """{"ticket":"APP-1","agent":"nobody"}""")).Problem.Code);
        Assert.Equal("invalid_value", (await home.Post("/api/v1/runs", """{"ticket":"APP-1","role":"king"}""")).Problem.Code);
        Assert.Equal("too_large", (await home.Post("/api/v1/runs", $$"""{"ticket":"APP-1","instruction":"{{new string('x', 200_000)}}"}""")).Problem.Code);
        Assert.Empty(home.Client().Get("/api/v1/runs", ApiJson.Default.IReadOnlyListRunJson));
        Assert.False(Directory.Exists(Path.Combine(home.Host.Server.Home, "trees", "app", "APP-1.1")));
    }

    private static void UntilSettled(HttpHome home, string run) =>
        _ = home.Client().Follow($"/api/v1/events?run={run}&after=0&follow=true").First(m => m.Data.Contains("\"run.settled\"", StringComparison.Ordinal));

    private static void Configure(HttpHome home, string script)
    {
        var file = Path.Combine(home.Host.Server.Home, "script.yaml");
        File.WriteAllText(file, script);
        var command = JsonSerializer.Serialize((string[])[Path.GetFullPath(Workshop.Rehearsal), "agent", "--protocol", "stream-json", "--script", file, "--api-key", "hush"]);
        home.Commit("drover.yaml", $"agents: {{coder: {{adapter: claude, home: isolated, command: {command}}}}}\nsandbox: off\nmerge: never\n");
    }

    private static bool Removed(HttpHome home, string run)
    {
        using var answer = JsonDocument.Parse(home.Client().Change("DELETE", $"/api/v1/runs/{run}", Guid.NewGuid()));
        return answer.RootElement.GetProperty("removed").GetBoolean();
    }
}
