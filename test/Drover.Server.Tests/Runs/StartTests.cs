using System.Text;
using System.Text.Json;
using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Xunit;

namespace Drover.Server.Tests.Runs;

public sealed class StartTests
{
    private static readonly Plan Greets = Plan.Of(
        "say: I will write it.", "edit: {path: hello.txt, content: \"hello\\n\"}", "commit: Say hello", "say: It says hello now.");

    [Fact]
    [Trait("row", "K1")]
    [Trait("row", "H18")]
    [Trait("row", "H15")]
    [Trait("row", "K11")]
    public async Task A_start_answers_with_the_reserved_row_before_anything_exists()
    {
        await using var shop = await Workshop.Open(Greets);
        var key = await shop.File();
        var ground = await shop.Work.Start.Ground(key, TestContext.Current.CancellationToken);

        var (answered, stored, events) = await shop.Journal.Do(Priority.Urgent, tx =>
        {
            var row = shop.Work.Start.Reserve(tx, ground, Workshop.Wish(key), Workshop.Ann).OrRefuse();
            // The loops hear of it when it is stored: within the transaction nothing can have been made.
            Assert.False(Directory.Exists(row.Worktree));
            Assert.False(Directory.Exists(shop.Job(row).Path));
            Assert.Equal("", shop.Branches());
            return (row, RunTable.Get(tx, row.Id)!, EventTable.PageOf(tx, row.Id, 0, long.MaxValue, 100, _ => false));
        });

        Assert.Equal(RunState.Reserved, answered.State);
        Assert.Equal((stored.Id, stored.Name, stored.Attempt, stored.Agent, stored.State), (answered.Id, answered.Name, answered.Attempt, answered.Agent, answered.State));
        Assert.False(answered.NoWorktree);
        Assert.False(answered.Cleanup);
        Assert.Equal(EventTypes.RunReserved, Assert.Single(events).Type);
        Assert.Equal(Outcome.Succeeded, (await shop.Settled(answered)).Ending?.Outcome);
    }

    [Fact]
    [Trait("row", "K3")]
    [Trait("row", "K9")]
    [Trait("row", "K10")]
    [Trait("row", "K29")]
    [Trait("row", "K34")]
    [Trait("row", "A7")]
    public async Task A_run_takes_its_ticket_to_a_commit_on_a_branch_of_its_own()
    {
        await using var shop = await Workshop.Open(Greets);
        var key = await shop.File("Add a greeting", "In hello.txt.", "It says hello");

        var run = await shop.Settled(await shop.Start(Workshop.Wish(key) with { Instruction = "Keep it short." }));

        Assert.Equal((RunState.Settled, Outcome.Succeeded, (FailureClass?)null), (run.State, run.Ending!.Outcome, run.Ending.Class));
        Assert.Equal(new AttemptId(key, 1), run.Attempt);
        Assert.Equal(shop.Repository.Tip("trunk"), run.Base);
        Assert.Equal(shop.Repository.Tip("drover/APP-1/1/work"), run.Result.Head);
        Assert.Equal("Say hello", shop.Repository.Run("log", "-1", "--format=%s", "drover/APP-1/1/work"));
        Assert.Equal((1, 1, 1, 0), (run.Result.Commits, run.Result.FilesChanged, run.Result.Insertions, run.Result.Deletions));
        Assert.Equal("It says hello now.", run.Result.Summary);
        Assert.Null(run.Result.Note);
        Assert.NotNull(run.Conversation.VendorId);
        Assert.NotNull(run.Process);
        Assert.Equal(0, run.Exit?.Code);
        Assert.True(run.CreatedAt <= run.StartedAt && run.StartedAt <= run.EndedAt);
        Assert.Equal(
            [EventTypes.RunReserved, EventTypes.RunPreparing, EventTypes.RunStarting, EventTypes.RunLive, EventTypes.RunStopping, EventTypes.RunSettled],
            shop.Events(run).Select(e => e.Type).Where(t => t.StartsWith("run.", StringComparison.Ordinal)));
        Assert.Empty(Workshop.Processes(run));
    }

    [Fact]
    [Trait("row", "A8")]
    [Trait("row", "K5")]
    public async Task What_the_agent_was_sent_is_what_the_row_holds_byte_for_byte()
    {
        await using var shop = await Workshop.Open(Greets);
        var key = await shop.File("Add a \"greeting\"", "With `ticks`, $HOME and ü.", "It says hello");

        var run = await shop.Settled(await shop.Start(Workshop.Wish(key) with { Instruction = "Keep it short." }));

        var prompt = shop.Order(run).Prompt!;
        var conversation = Directory.EnumerateFiles(shop.Home, "*.jsonl", SearchOption.AllDirectories).Single();
        var sent = File.ReadLines(conversation).Select(l => JsonDocument.Parse(l).RootElement)
            .Single(l => l.TryGetProperty("role", out var role) && role.GetString() == "prompt").GetProperty("text").GetString();
        Assert.Equal(prompt, sent);
        foreach (var part in (string[])["APP-1", "Add a \"greeting\"", "With `ticks`, $HOME and ü.", "It says hello", "Keep it short.", run.Worktree!, "drover/APP-1/1/work"])
            Assert.Contains(part, prompt, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "A8")]
    public async Task Later_edits_of_the_configuration_do_not_reach_a_run_that_has_begun()
    {
        var plan = new Plan("steps: []") { Agent = "model: first\nenvironment: {set: {MARK: first}}" };
        await using var shop = await Workshop.Open(plan);
        shop.WriteScript($"steps:\n  - wait_for: \"{shop.Sign("go")}\"\n  - tool: {{run: 'echo $MARK > mark.txt'}}\n  - commit: X\n");
        var run = await shop.Start();
        await shop.Live(run);

        shop.Configure(plan with { Agent = "model: second\nenvironment: {set: {MARK: second}}" });
        await shop.Restart();
        shop.Give("go");

        var settled = await shop.Settled(run);
        Assert.Equal(("first", Outcome.Succeeded), (shop.Repository.Run("show", "drover/APP-1/1/work:mark.txt"), settled.Ending!.Outcome));
        Assert.Contains("first", shop.Order(run).Command);
    }

    [Fact]
    [Trait("row", "A10")]
    public async Task The_process_is_on_record_before_the_first_prompt_is_written()
    {
        await using var shop = await Workshop.Open(Greets);
        var known = new List<bool>();
        shop.Journal.Committed += events =>
        {
            foreach (var e in events.Where(e => e.Type == EventTypes.PromptWritten))
                known.Add(shop.Journal.Read(db => RunTable.Get(db, e.About.Run!.Value))?.Process is not null);
        };

        await shop.Settled(await shop.Start());

        Assert.Equal([true], known);
    }

    [Fact]
    [Trait("row", "K2")]
    [Trait("row", "K21")]
    public async Task A_runs_token_reaches_its_agent_and_nothing_else()
    {
        await using var shop = await Workshop.Open(Plan.Of(
            "tool: {run: 'printf %s \"$DROVER_TOKEN\" | sha256sum > sum.txt'}", "commit: The sum") with
        { Agent = "environment: {set: {API_KEY: hush}}" });

        var run = await shop.Settled(await shop.Start());

        var token = shop.Work.Place.Tokens.TokenOf(run.Id);
        var sum = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.ASCII.GetBytes(token)));
        Assert.StartsWith(sum, shop.Repository.Run("show", "drover/APP-1/1/work:sum.txt"), StringComparison.Ordinal);
        Assert.Equal(run.Id, shop.Journal.Read(db => RunTable.ByTokenHash(db, Secret.Hash(token)))?.Id);
        Assert.DoesNotContain(shop.Log, line => line.Contains(token, StringComparison.Ordinal));
        Assert.DoesNotContain(token, shop.Order(run).Prompt, StringComparison.Ordinal);
        Assert.All(shop.Events(), e => Assert.DoesNotContain(token, e.Data, StringComparison.Ordinal));
        // The whole of the journal, its tables and its log, and everything that the keeper left.
        foreach (var file in Directory.EnumerateFiles(shop.Home, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) is not ("stdin" or "drover.lock")))
            Assert.False(File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.ASCII.GetBytes(token)) >= 0, file);
    }

    [Fact]
    [Trait("row", "H14")]
    public async Task The_output_of_a_settled_run_is_kept_compressed_under_its_id()
    {
        await using var shop = await Workshop.Open(Greets);

        var run = await shop.Settled(await shop.Start());

        await Workshop.Until(() => File.Exists(shop.Job(run).CompressedOut) && !File.Exists(shop.Job(run).Out), () => shop.Describe(run));
        Assert.EndsWith(run.Id.Value, shop.Job(run).Path, StringComparison.Ordinal);
        var text = shop.Events(run).First(e => e.Type == EventTypes.Text);
        Assert.Contains("I will write it.", text.Data, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "K22")]
    [Trait("row", "K23")]
    public async Task Runs_are_listed_newest_first_and_by_ticket()
    {
        await using var shop = await Workshop.Open(Plan.Of("say: Nothing to do."));
        var first = await shop.Settled(await shop.Start());
        var other = await shop.Settled(await shop.Start());
        var again = await shop.Settled(await shop.Start(first.Ticket!.Value));

        Assert.Equal([again.Id, other.Id, first.Id], shop.Journal.Read(db => RunTable.List(db)).Select(r => r.Id));
        Assert.Equal([again.Id, first.Id], shop.Journal.Read(db => RunTable.Of(db, first.Ticket!.Value)).Select(r => r.Id));
        Assert.Equal((Outcome.Failed, FailureClass.NoCommits), (first.Ending!.Outcome, first.Ending.Class));
    }

    [Fact]
    public async Task What_an_adapter_cannot_start_as_configured_ends_the_run_at_once_with_what_to_change()
    {
        await using var shop = await Workshop.Open(Plan.Of("say: Hm."));
        shop.Configure("""
            name: app
            agents:
              coder:
                adapter: codex
                command: [/bin/false]
                mcp_servers:
                  one: {command: [x], environment: {set: {TOKEN: a}}}
                  two: {command: [x], environment: {set: {TOKEN: b}}}
            sandbox: off
            """);

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((Outcome.Failed, FailureClass.Other), (run.Ending!.Outcome, run.Ending.Class));
        Assert.Equal("the tool servers of an agent with the adapter codex need the same value of TOKEN", run.Ending.Reason);
        Assert.False(Directory.Exists(shop.Job(run).Started));
        Assert.Single(shop.Events(run), e => e.Type == EventTypes.RunSettled);
    }

    [Fact]
    public async Task A_full_disk_starts_no_run_and_says_so()
    {
        await using var shop = await Workshop.Open(Greets with { Options = o => o with { Machine = o.Machine with { DiskFloor = long.MaxValue } } });
        var key = await shop.File();

        var refusal = await shop.Refused(Workshop.Wish(key));

        Assert.Equal("unavailable", refusal.Kind.Code);
        Assert.Contains("disk_floor", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Stage.Backlog, shop.Ticket(key).Stage);
    }
}
