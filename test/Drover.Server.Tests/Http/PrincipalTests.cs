using System.Diagnostics;
using Drover.Api;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Tests.Journaling;
using Xunit;

namespace Drover.Server.Tests.Http;

public sealed class PrincipalTests
{
    private const string Token = "drover_run_of_the_test";

    [Fact]
    public async Task A_run_reads_its_own_ticket_and_itself_and_nothing_else()
    {
        await using var home = await HttpHome.Start(WithRun);
        var run = home.Client(Token);

        Assert.Equal("APP-1", run.Get("/api/v1/tickets/APP-1", ApiJson.Default.TicketJson).Key);
        Assert.Equal("APP-1", run.Get("/api/v1/runs/00000000000000a1", ApiJson.Default.RunJson).Ticket);
        Assert.Equal("not_yours", Refused(() => run.Get("/api/v1/tickets/APP-2")));
        Assert.Equal("not_yours", Refused(() => run.Get("/api/v1/runs/00000000000000a2")));
        Assert.Equal("human_only", Refused(() => run.Get("/api/v1/status")));
        Assert.Equal("human_only", Refused(() => run.Get("/api/v1/events")));
    }

    [Theory]
    [InlineData("POST", "/tickets/APP-1/approve")]
    [InlineData("POST", "/tickets/APP-1/merge")]
    [InlineData("POST", "/runs")]
    [InlineData("POST", "/runs/00000000000000a2/stop")]
    [InlineData("POST", "/runs/00000000000000a1/say")]
    [InlineData("DELETE", "/runs/00000000000000a2")]
    [InlineData("POST", "/approvals/00000000-0000-4000-8000-000000000001/answer")]
    [InlineData("POST", "/tickets/APP-1/hold")]
    [InlineData("POST", "/tickets/APP-1/cancel")]
    [InlineData("POST", "/tickets/APP-1/move")]
    [InlineData("POST", "/tickets")]
    [InlineData("POST", "/projects")]
    [InlineData("POST", "/login-links")]
    [InlineData("POST", "/backup")]
    [InlineData("POST", "/server/stop")]
    public async Task A_run_may_do_nothing_that_is_a_humans(string method, string path)
    {
        await using var home = await HttpHome.Start(WithRun);

        Assert.Equal("human_only", Refused(() => home.Client(Token).Change(method, "/api/v1" + path, Guid.NewGuid())));
    }

    [Fact]
    public async Task A_runs_token_ends_with_the_run()
    {
        await using var home = await HttpHome.Start(at =>
        {
            WithRun(at);
            at.Journal.Do(Priority.Urgent, tx => RunTable.Settle(tx, new("00000000000000a1"), new(Outcome.Succeeded, null, "done", Some.Ann))).GetAwaiter().GetResult();
        });

        Assert.Equal("unauthenticated", Refused(() => home.Client(Token).Get("/api/v1/tickets/APP-1")));
    }

    [Fact]
    public async Task A_wrong_token_is_refused_even_where_none_is_needed()
    {
        await using var home = await HttpHome.Start();

        Assert.Equal("unauthenticated", Refused(() => home.Client("wrong").Get("/api/v1/status")));
    }

    [Fact]
    public async Task A_marked_process_and_its_children_are_an_agents_and_others_are_not()
    {
        var nobody = new AgentProcesses(() => new HashSet<int>());
        using var marked = Sleeper("exec sleep 600", marked: true);
        using var parent = Sleeper("env -u DROVER_RUN sleep 600 & echo $!; wait", marked: true);
        using var free = Sleeper("exec sleep 600", marked: false);
        var child = int.Parse((await parent.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
        try
        {
            await Eventually(() => nobody.WhyAgents(marked.Id) is not null && File.ReadAllText($"/proc/{child}/comm") == "sleep\n");

            Assert.NotNull(nobody.WhyAgents(marked.Id));
            Assert.NotNull(nobody.WhyAgents(child));
            Assert.Null(nobody.WhyAgents(free.Id));
            Assert.NotNull(new AgentProcesses(() => new HashSet<int> { free.Id }).WhyAgents(free.Id));
            Assert.NotNull(nobody.WhyAgents(0));
        }
        finally
        {
            using var orphan = Process.GetProcessById(child);
            foreach (var process in new[] { marked, parent, free, orphan }) process.Kill();
        }
    }

    /// <summary>Two tickets; a run that is at work on the first.</summary>
    private static void WithRun(TestHome home) => home.Journal.Do(Priority.Urgent, tx =>
    {
        Some.Begin(tx);
        TicketTable.Insert(tx, Some.Ticket(new TicketKey("APP", 2)));
        AttemptTable.Insert(tx, Some.Attempt(new(new TicketKey("APP", 2), 1), new TicketKey("APP", 2)));
        RunTable.Insert(tx, Some.Run("00000000000000a1"), Some.Order, Secret.Hash(Token));
        RunTable.Insert(tx, Some.Run("00000000000000a2", "coder-2", attempt: new(new TicketKey("APP", 2), 1)) with { Ticket = new("APP", 2) }, Some.Order, "other");
    }).GetAwaiter().GetResult();

    private static string Refused(Action action) => Assert.Throws<RefusedException>(action).Problem.Code;

    private static Process Sleeper(string script, bool marked)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardOutput = true };
        start.Environment.Remove("DROVER_RUN");
        if (marked) start.Environment["DROVER_RUN"] = "00000000000000a1";
        return Process.Start(start)!;
    }

    private static async Task Eventually(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(TestHome.DefaultTimeout);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        while (!holds()) await tick.WaitForNextTickAsync(patience.Token);
    }
}
