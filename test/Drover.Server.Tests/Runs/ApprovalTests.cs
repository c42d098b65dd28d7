using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Inbox;
using Drover.Server.Journaling;
using Drover.Server.Runs;
using Xunit;

namespace Drover.Server.Tests.Runs;

/// <summary>Agents that ask for permission, and who answers them: a policy, a human, the time, nobody.</summary>
public sealed class ApprovalTests
{
    private const string Ask = "approvals: ask";
    /// <summary>Asks in sh whether a command may run, always under the same id.</summary>
    private const string OneId = """
        ask() { echo "{\"type\":\"control_request\",\"request_id\":\"q-1\",\"request\":{\"subtype\":\"can_use_tool\",\"tool_name\":\"Bash\",\"input\":{\"command\":\"$1\"},\"tool_use_id\":\"$1\"}}"; }
        """;

    private static readonly Principal s_bob = new(PrincipalKind.Human, "bob");

    [Fact]
    public async Task An_agent_waits_for_a_human_and_goes_on_with_what_it_was_allowed()
    {
        await using var shop = await Workshop.Open(Asking(Ask));
        var run = await shop.Start();

        var asked = await Asked(shop, run);

        Assert.Equal((AskedKind.Command, "touch asked.txt", ApprovalState.Pending), (asked.What.Kind, asked.What.Command, asked.State));
        var status = shop.Journal.Read(db => RunView.Status(db, shop.Get(run), DateTimeOffset.MaxValue));
        Assert.Equal((RunStatus.NeedsInput, asked.AskedAt), (status.Status, status.Since));
        Assert.False(File.Exists(Path.Combine(run.Worktree!, "asked.txt")));

        await Answer(shop, asked, "allow");
        var settled = await shop.Settled(run);

        Assert.Equal(Outcome.Succeeded, settled.Ending!.Outcome);
        Assert.True(File.Exists(Path.Combine(run.Worktree!, "asked.txt")));
        var row = Row(shop, asked);
        Assert.Equal((ApprovalState.Allowed, Workshop.Ann, true), (row.State, row.By, row.FrameEnd is not null));
        var types = shop.Events(run).Select(e => e.Type).ToList();
        Assert.True(types.IndexOf(EventTypes.ApprovalAsked) < types.IndexOf(EventTypes.ApprovalSettled));
        Assert.Single(types, EventTypes.ApprovalSettled);
    }

    [Fact]
    public async Task An_agent_that_is_denied_something_reads_why()
    {
        await using var shop = await Workshop.Open(Asking(Ask));
        var run = await shop.Start();

        await Answer(shop, await Asked(shop, run), "deny", "Use the other file.");
        await shop.Settled(run);

        Assert.False(File.Exists(Path.Combine(run.Worktree!, "asked.txt")));
        Assert.Contains(shop.Events(run), e => e.Type == EventTypes.ToolReturned && e.Data.Contains("Use the other file.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Patterns_answer_what_they_speak_of_and_the_rest_waits()
    {
        await using var shop = await Workshop.Open(new Plan("""
            steps:
              - ask: {run: touch one.txt}
              - ask: {run: "touch two.txt && touch three.txt"}
              - ask: {run: rm -rf one.txt}
              - ask: {path: docs/a.md, content: x}
              - commit: A
            """) with { More = "approvals: {allow: [\"touch *\", \"edit:docs/**\"], deny: [\"rm -rf *\"]}" });
        var run = await shop.Start();

        var waiting = await Asked(shop, run);
        Assert.Equal("touch two.txt && touch three.txt", waiting.What.Command);
        await Answer(shop, waiting, "deny");
        await shop.Settled(run);

        var rows = shop.Journal.Read(db => ApprovalTable.Of(db, run.Id));
        Assert.Equal([ApprovalState.Allowed, ApprovalState.Denied, ApprovalState.Denied, ApprovalState.Allowed], rows.Select(r => r.State));
        Assert.Equal([Principal.Server("policy"), Workshop.Ann, Principal.Server("policy"), Principal.Server("policy")], rows.Select(r => r.By));
        Assert.Contains("`rm -rf *`", rows[2].Why, StringComparison.Ordinal);
        Assert.All(rows, r => Assert.NotNull(r.FrameEnd));
        Assert.Equal((true, false), (File.Exists(Path.Combine(run.Worktree!, "one.txt")), File.Exists(Path.Combine(run.Worktree!, "two.txt"))));
    }

    [Fact]
    public async Task An_agents_own_policy_stands_before_the_projects()
    {
        await using var shop = await Workshop.Open(Asking(Ask) with { Agent = "approvals: allow" });

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((ApprovalState.Allowed, Principal.Server("policy")), (Only(shop, run).State, Only(shop, run).By));
    }

    [Fact]
    public async Task Inside_the_sandbox_an_agent_is_asked_for_as_well_when_the_project_wants_it()
    {
        await using var shop = await Workshop.Open(Asking(Ask) with { Sandbox = "auto" });
        Assert.SkipUnless((await shop.Work.Place.Sandbox).Resolve(SandboxMode.Auto) is Node.Sandboxing.SandboxLevel.Bubblewrap, "there is no bubblewrap here");
        var run = await shop.Start();

        await Answer(shop, await Asked(shop, run), "allow");
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Succeeded, "bubblewrap"), (settled.Ending!.Outcome, settled.Sandbox));
        Assert.Contains("default", shop.Order(run).Command);
    }

    [Theory]
    [InlineData("", ApprovalState.Expired, false)]
    [InlineData(", on_timeout: allow", ApprovalState.Allowed, true)]
    public async Task A_question_that_nobody_answers_in_time_is_answered_by_the_time(string more, ApprovalState state, bool isDone)
    {
        await using var shop = await Workshop.Open(Asking($"approvals: {{default: ask, timeout: 1s{more}}}"));

        var run = await shop.Settled(await shop.Start());

        Assert.Equal((state, Principal.Server("timeout"), isDone), (Only(shop, run).State, Only(shop, run).By, File.Exists(Path.Combine(run.Worktree!, "asked.txt"))));
        Assert.Equal(!isDone, shop.Events(run).Any(e => e.Type == EventTypes.ToolReturned && e.Data.Contains("nobody answered", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Of_many_who_answer_at_once_one_is_heard_and_the_others_are_told_who_it_was()
    {
        await using var shop = await Workshop.Open(Asking("approvals: {default: ask, timeout: 2s}"));
        var run = await shop.Start();
        var asked = await Asked(shop, run);

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(n => Task.Run(async () =>
        {
            try
            {
                return await Answer(shop, asked, n % 2 == 0 ? "allow" : "deny", $"number {n}", n % 3 == 0 ? s_bob : Workshop.Ann);
            }
            catch (Refusal e)
            {
                Assert.Equal("already_settled", e.Kind.Code);
                Assert.Contains("already, by human:", e.Message, StringComparison.Ordinal);
                return null;
            }
        })));
        await shop.Settled(run);

        var heard = Assert.Single(answers, a => a is not null)!;
        var row = Row(shop, asked);
        Assert.Equal((heard.State, heard.By, heard.Why), (row.State, row.By, row.Why));
        Assert.Equal(row.State == ApprovalState.Allowed, File.Exists(Path.Combine(run.Worktree!, "asked.txt")));
        Assert.Single(shop.Events(run), e => e.Type == EventTypes.ApprovalSettled);
    }

    [Fact]
    public async Task An_answer_that_races_with_the_time_is_the_answer_or_is_refused_and_never_both()
    {
        await using var shop = await Workshop.Open(Asking("approvals: {default: ask, timeout: 1s}"));
        var run = await shop.Start();
        var asked = await Asked(shop, run);

        // As near to the end of the second as a test comes; either of the two may be first.
        var refused = false;
        await Workshop.Until(() => TimeProvider.System.GetUtcNow() - asked.AskedAt > TimeSpan.FromMilliseconds(950), () => "the time");
        try
        {
            await Answer(shop, asked, "allow");
        }
        catch (Refusal e)
        {
            refused = e.Kind.Code == "already_settled";
        }

        await shop.Settled(run);
        Assert.Equal(refused ? ApprovalState.Expired : ApprovalState.Allowed, Row(shop, asked).State);
        Assert.Equal(!refused, File.Exists(Path.Combine(run.Worktree!, "asked.txt")));
        Assert.Single(shop.Events(run), e => e.Type == EventTypes.ApprovalSettled);
    }

    [Fact]
    public async Task Whoever_comes_second_is_told_who_was_first_by_the_beginning_of_the_id_too()
    {
        await using var shop = await Workshop.Open(Asking(Ask));
        var run = await shop.Start();
        var asked = await Asked(shop, run);
        Task<ApprovalRow> Short(string answer) => shop.Journal.Do(
            Priority.Urgent, tx => ApprovalCommands.Answer(tx, ApprovalCommands.Find(tx, asked.Id.Value[..8]), answer, null, Workshop.Ann));

        Assert.Equal(ApprovalState.Allowed, (await Short("allow")).State);
        var late = await Assert.ThrowsAsync<Refusal>(() => Short("deny"));
        await shop.Settled(run);

        Assert.Equal("already_settled", late.Kind.Code);
        Assert.Contains($"allowed already, by {Workshop.Ann}", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_that_its_turn_was_taken_from_is_over_and_an_answer_comes_too_late()
    {
        await using var shop = await Workshop.Open(new Plan("turns: [[{ask: {run: touch asked.txt}}], [{edit: {path: b.txt, content: x}}, {commit: B}]]") with { More = Ask });
        var run = await shop.Start();
        var asked = await Asked(shop, run);

        await shop.Say(run, "Do b instead.", SteerMode.Interrupt);
        await Workshop.Until(() => Row(shop, asked).State != ApprovalState.Pending, () => shop.Describe(run));
        var late = await Assert.ThrowsAsync<Refusal>(() => Answer(shop, asked, "allow"));
        var settled = await shop.Settled(run);

        Assert.Equal((Outcome.Succeeded, ApprovalState.Expired), (settled.Ending!.Outcome, Row(shop, asked).State));
        Assert.Equal("already_settled", late.Kind.Code);
        Assert.False(File.Exists(Path.Combine(run.Worktree!, "asked.txt")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("echo '{\"type\":\"control_cancel_request\",\"request_id\":\"q-1\"}'")]
    public async Task A_question_under_the_id_of_one_that_is_settled_is_another_with_an_answer_of_its_own(string between)
    {
        var answered = between.Length == 0;
        await using var shop = await Workshop.Open(Plan.Shell($$"""
            {{OneId}}
            ask first
            {{(answered ? "read -r answer; printf '%s\n' \"$answer\" >> answers" : between)}}
            ask second
            read -r answer; printf '%s\n' "$answer" >> answers
            git add answers; git commit -qm Answers
            echo "$finish"
            while read -r line; do printf '%s\n' "$line" >> more; done
            """) with { More = Ask });
        var run = await shop.Start();

        if (answered) await Answer(shop, await Asked(shop, run), "allow");
        await Workshop.Until(() => shop.Journal.Read(db => ApprovalTable.Pending(db, run.Id)) is [{ What.Command: "second" }], () => shop.Describe(run));
        await Answer(shop, await Asked(shop, run), "deny", "Not the second.");
        var settled = await shop.Settled(run);

        Assert.Equal(Outcome.Succeeded, settled.Ending!.Outcome);
        // Both may have been asked in one millisecond.
        var rows = shop.Journal.Read(db => ApprovalTable.Of(db, run.Id)).OrderBy(r => r.What.Command, StringComparer.Ordinal).ToList();
        Assert.Equal([("first", answered ? ApprovalState.Allowed : ApprovalState.Expired, answered), ("second", ApprovalState.Denied, true)], rows.Select(r => (r.What.Command, r.State, r.FrameEnd is not null)));
        Assert.All(rows, r => Assert.NotNull(r.TakenAt));
        var answers = File.ReadAllLines(Path.Combine(run.Worktree!, "answers"));
        Assert.Equal(rows.Count(r => r.FrameEnd is not null), answers.Length);
        Assert.Contains("Not the second.", answers[^1], StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(run.Worktree!, "more")));
        Assert.Equal(2, shop.Events(run).Count(e => e.Type == EventTypes.ApprovalSettled));
    }

    [Fact]
    public async Task Policy_answers_each_of_two_questions_with_one_id_that_come_at_once()
    {
        await using var shop = await Workshop.Open(Plan.Shell($$"""
            {{OneId}}
            (ask 'touch a'; ask 'rm -rf b') | cat
            read -r one; read -r two; printf '%s\n%s\n' "$one" "$two" > answers
            git add answers; git commit -qm Answers
            echo "$finish"
            """) with { More = "approvals: {allow: [\"touch *\"], deny: [\"rm -rf *\"]}" });

        var run = await shop.Settled(await shop.Start());

        var rows = shop.Journal.Read(db => ApprovalTable.Of(db, run.Id)).OrderBy(r => r.FrameEnd).ToList();
        Assert.Equal([("touch a", ApprovalState.Allowed), ("rm -rf b", ApprovalState.Denied)], rows.Select(r => (r.What.Command!, r.State)));
        Assert.Equal(2, rows.Select(r => r.FrameEnd).Distinct().Count());
        var answers = File.ReadAllLines(Path.Combine(run.Worktree!, "answers"));
        Assert.Contains("\"allow\"", answers[0], StringComparison.Ordinal);
        Assert.Contains("\"deny\"", answers[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_is_stopped_over_a_question_takes_it_along()
    {
        await using var shop = await Workshop.Open(Asking(Ask));
        var run = await shop.Start();
        var asked = await Asked(shop, run);

        await shop.Journal.Do(Priority.Urgent, tx => RunCommands.Stop(tx, RunTable.Get(tx, run.Id)!, "enough", Workshop.Ann));
        var meanwhile = await Assert.ThrowsAsync<Refusal>(() => Answer(shop, asked, "allow"));
        var settled = await shop.Settled(run);

        Assert.Contains(meanwhile.Kind.Code, (string[])["not_live", "already_settled"]);
        Assert.Equal((Outcome.Stopped, ApprovalState.Expired), (settled.Ending!.Outcome, Row(shop, asked).State));
        Assert.False(File.Exists(Path.Combine(run.Worktree!, "asked.txt")));
    }

    [Fact]
    public async Task Waiting_for_a_human_is_neither_silence_nor_a_long_tool_call_nor_a_long_run()
    {
        await using var shop = await Workshop.Open(Asking(Ask) with { Agent = "limits: {idle: 2s, tool: 2s}" });
        var run = await shop.Start();
        var asked = await Asked(shop, run);

        await Workshop.Until(() => TimeProvider.System.GetUtcNow() - asked.AskedAt > TimeSpan.FromSeconds(5), () => "five seconds");
        Assert.Equal(RunState.Live, shop.Get(run).State);
        await Answer(shop, asked, "allow");

        Assert.Equal(Outcome.Succeeded, (await shop.Settled(run)).Ending!.Outcome);
    }

    [Fact]
    public async Task An_answer_that_was_stored_while_no_server_was_there_reaches_the_agent_once()
    {
        await using var shop = await Workshop.Open(Asking(Ask));
        var run = await shop.Start();
        var asked = await Asked(shop, run);

        await shop.Restart(() => Answer(shop, asked, "allow"));
        var settled = await shop.Settled(run);

        Assert.Equal(Outcome.Succeeded, settled.Ending!.Outcome);
        Assert.Equal((ApprovalState.Allowed, true), (Row(shop, asked).State, Row(shop, asked).FrameEnd is not null));
        Assert.Equal("asked.txt", shop.Repository.Run("show", "--format=", "--name-only", "drover/APP-1/1/work"));
    }

    [Fact]
    public async Task A_question_outlives_the_server_that_read_it()
    {
        await using var shop = await Workshop.Open(Asking(Ask));
        var run = await shop.Start();
        var asked = await Asked(shop, run);

        await shop.Restart();
        Assert.Equal(ApprovalState.Pending, Row(shop, asked).State);
        await Answer(shop, asked, "allow");

        Assert.Equal(Outcome.Succeeded, (await shop.Settled(run)).Ending!.Outcome);
        Assert.True(File.Exists(Path.Combine(run.Worktree!, "asked.txt")));
    }

    [Fact]
    public async Task Only_a_human_answers_and_only_with_yes_or_no()
    {
        await using var shop = await Workshop.Open(Asking(Ask));
        var run = await shop.Start();
        var asked = await Asked(shop, run);

        foreach (var who in (Principal[])[new(PrincipalKind.Run, run.Id.Value), new(PrincipalKind.Script, "ci"), Principal.Server("x")])
            Assert.Equal("human_only", (await Assert.ThrowsAsync<Refusal>(() => Answer(shop, asked, "allow", null, who))).Kind.Code);
        foreach (var word in (string?[])["ask", "yes", "", null])
            Assert.Equal("invalid_value", (await Assert.ThrowsAsync<Refusal>(() => Answer(shop, asked, word))).Kind.Code);
        Assert.Equal("too_large", (await Assert.ThrowsAsync<Refusal>(() => Answer(shop, asked, "deny", new string('x', 10_001)))).Kind.Code);
        Assert.Equal(ApprovalState.Pending, Row(shop, asked).State);
        await shop.Stop(run);
    }

    [Fact]
    public async Task A_policy_that_an_agent_cannot_keep_is_said_instead_of_being_passed_over()
    {
        await using var shop = await Workshop.Open(Asking(Ask) with { Options = o => o with { Adapter = name => new Mute(Drover.Agents.Adapters.Find(name)!) } });

        var run = await shop.Settled(await shop.Start());

        Assert.Equal(Outcome.Failed, run.Ending!.Outcome);
        Assert.Contains("never ask for permission", run.Ending.Reason, StringComparison.Ordinal);
        Assert.Contains("approvals: allow", run.Ending.Reason, StringComparison.Ordinal);
    }

    /// <summary>An adapter whose vendor has no permissions.</summary>
    private sealed class Mute(Drover.Agents.IAdapter inner) : Drover.Agents.IAdapter
    {
        public string Name => inner.Name;

        public Drover.Agents.AdapterCapabilities Capabilities => inner.Capabilities with { AsksApproval = false };

        public Drover.Agents.Launch Plan(Drover.Agents.LaunchRequest request) => inner.Plan(request);

        public Drover.Agents.Step Apply(Drover.Agents.MachineState state, Drover.Agents.Input input) => inner.Apply(state, input);

        public Drover.Agents.Checkpoint Save(Drover.Agents.MachineState state) => inner.Save(state);

        public Drover.Agents.MachineState? Load(Drover.Agents.Checkpoint checkpoint) => inner.Load(checkpoint);
    }

    private static Plan Asking(string policy) => Plan.Of("ask: {run: touch asked.txt}", "commit: A") with { More = policy };

    private static async Task<ApprovalRow> Asked(Workshop shop, RunRow run)
    {
        await Workshop.Until(() => shop.Journal.Read(db => ApprovalTable.Pending(db, run.Id)).Count > 0, () => shop.Describe(run));
        return shop.Journal.Read(db => ApprovalTable.Pending(db, run.Id))[0];
    }

    private static Task<ApprovalRow> Answer(Workshop shop, ApprovalRow asked, string? answer, string? why = null, Principal? who = null) => shop.Journal.Do(
        Priority.Urgent, tx => ApprovalCommands.Answer(tx, ApprovalCommands.Find(tx, asked.Id.Value), answer, why, who ?? Workshop.Ann));

    private static ApprovalRow Row(Workshop shop, ApprovalRow asked) => shop.Journal.Read(db => ApprovalTable.Get(db, asked.Id))!;

    private static ApprovalRow Only(Workshop shop, RunRow run) => Assert.Single(shop.Journal.Read(db => ApprovalTable.Of(db, run.Id)));
}
