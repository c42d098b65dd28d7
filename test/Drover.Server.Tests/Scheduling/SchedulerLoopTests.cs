using Drover.Core;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Landing;
using Drover.Server.Projects;
using Drover.Server.Runs;
using Drover.Server.Scheduling;
using Drover.Server.Tests.Git;
using Drover.Server.Tests.Landings;
using Drover.Server.Tests.Runs;
using Drover.Server.Tickets;
using Xunit;

namespace Drover.Server.Tests.Scheduling;

public sealed class SchedulerLoopTests
{
    private static readonly CancellationToken Ct = TestContext.Current.CancellationToken;

    private static readonly Plan Adds = LandingShop.Adds with { Merge = "auto" };

    private static Task Move(Workshop shop, TicketKey key, Stage to) =>
        shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Move(tx, key, to.Word(), null, Workshop.Ann));

    private static List<RunRow> Runs(Workshop shop, TicketKey key) => [.. shop.Journal.Read(db => RunTable.Of(db, key)).AsEnumerable().Reverse()];

    private static string Told(Workshop shop, TicketKey key) => string.Join('\n', shop.Events(key).Select(e => $"{e.Type} {e.Data}").Append(shop.Ticket(key).ToString()));

    private static Task Until(Workshop shop, TicketKey key, Func<TicketRow, bool> isSo) => Workshop.Until(() => isSo(shop.Ticket(key)), () => Told(shop, key));

    private static async Task<Reservation> Ask(Workshop shop, RunWish wish, Principal? who = null)
    {
        var ground = await shop.Work.Start.Ground(wish.Ticket, Ct);
        return await shop.Journal.Do(Priority.Urgent, tx =>
        {
            var answer = shop.Work.Start.Reserve(tx, ground, wish, who ?? Workshop.Ann);
            if (answer is Reservation.Waits waits) Queueing.Do(tx, wish, waits.Why, who ?? Workshop.Ann);
            return answer;
        });
    }

    private static async Task<Why> Why(Workshop shop, TicketKey key) =>
        await new WhyWaiting(shop.Work.Start, shop.Work.Boards, shop.Journal, TimeProvider.System).Of(key, Ct) ?? throw new InvalidOperationException("it needs no agent");

    [Fact]
    public async Task A_ticket_that_is_given_the_go_is_worked_on_and_lands_without_another_word()
    {
        await using var shop = await Workshop.Open(Adds);
        var key = await shop.File();

        await Move(shop, key, Stage.Ready);
        await Until(shop, key, t => t.Stage == Stage.Done);

        var run = Assert.Single(Runs(shop, key));
        Assert.Equal("server:scheduler", shop.Events(run).Single(e => e.Type == EventTypes.RunReserved).Actor.ToString());
    }

    [Fact]
    [Trait("row", "H7")]
    [Trait("row", "H10")]
    [Trait("row", "H4")]
    public async Task A_start_for_which_there_is_no_room_gives_the_go_and_is_made_later_as_it_was_asked_for()
    {
        await using var shop = await Workshop.Open(Adds);
        shop.WriteScript($"steps: [{{wait_for: \"{shop.Sign("go")}\"}}, {{edit: {{path: a.txt, content: x}}}}, {{commit: A}}]");
        var first = await shop.Start();
        await shop.Live(first);
        var second = await shop.File("Second");

        var waits = Assert.IsType<Reservation.Waits>(await Ask(shop, Workshop.Wish(second) with { Agent = "coder", Instruction = "Keep the old name." }));

        Assert.Equal((QueueCause.NamedBusy, Stage.Ready), (waits.Why.Cause, shop.Ticket(second).Stage));
        Assert.Contains("coder on APP-1", waits.Why.Text, StringComparison.Ordinal);
        var why = await Why(shop, second);
        Assert.Equal("named_busy", why.Code);
        Assert.Empty(Runs(shop, second));

        shop.WriteScript("steps: [{edit: {path: b.txt, content: x}}, {commit: B}]");
        shop.Give("go");
        await Until(shop, second, t => t.Stage == Stage.Done);
        var run = Assert.Single(Runs(shop, second));
        Assert.Equal(("coder", "Keep the old name."), (run.Agent, shop.Order(run).Instruction));
        Assert.Null(shop.Ticket(second).Pace.Wish);
    }

    [Fact]
    [Trait("row", "H6")]
    public async Task The_agent_that_a_ticket_prefers_is_waited_for()
    {
        await using var shop = await Workshop.Open(Adds with { Agent = "count: 2" });
        shop.WriteScript($"steps: [{{wait_for: \"{shop.Sign("go")}\"}}, {{edit: {{path: a.txt, content: x}}}}, {{commit: A}}]");
        var first = await shop.Start(Workshop.Wish(await shop.File()) with { Agent = "coder-2" });
        await shop.Live(first);
        var key = await shop.File("Second");
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Edit(tx, key, new(null, null, null, null, null, "coder-2"), Workshop.Ann));

        Assert.Equal(QueueCause.PreferredBusy, Assert.IsType<Reservation.Waits>(await Ask(shop, Workshop.Wish(key))).Why.Cause);

        shop.WriteScript("steps: [{edit: {path: b.txt, content: x}}, {commit: B}]");
        shop.Give("go");
        await Until(shop, key, t => t.Stage == Stage.Done);
        Assert.Equal("coder-2", Assert.Single(Runs(shop, key)).Agent);
    }

    [Fact]
    public async Task Failed_work_is_tried_again_in_the_same_worktree_and_success_forgets_the_failures()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 2, delay: 1s}" });
        shop.WriteScript("turns: [[{edit: {path: begun.txt, content: x}}, {commit: Begun}, {crash: 3}], [{edit: {path: more.txt, content: x}}, {commit: More}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);
        await Until(shop, key, t => t.Stage == Stage.Done);

        var runs = Runs(shop, key);
        Assert.Equal((2, 1), (runs.Count, runs.Select(r => r.Attempt).Distinct().Count()));
        Assert.Equal((runs[0].Id, 0), (runs[1].ResumeOf!.Value, shop.Ticket(key).Pace.Retries));
        Assert.Equal("x", shop.Repository.Read("begun.txt"));
        Assert.Contains(shop.Events(key), e => e.Type == EventTypes.TicketAgain && e.Data.Contains("crashed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_fails_again_and_again_is_blocked_with_the_number_and_the_last_reason()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 1, delay: 1s}" });
        shop.WriteScript("turns: [[{crash: 3}], [{crash: 3}], [{edit: {path: a.txt, content: x}}, {commit: A}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);

        await Until(shop, key, t => t.Blocked is not null);

        Assert.Equal(2, Runs(shop, key).Count);
        Assert.Contains("crashed", shop.Ticket(key).Blocked!.Reason, StringComparison.Ordinal);
        Assert.Contains("tried again 1 time", shop.Ticket(key).Blocked!.Reason, StringComparison.Ordinal);

        // Who unblocks it begins the count anew.
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Unblock(tx, key, Workshop.Ann));
        await Until(shop, key, t => t.Stage == Stage.Done);
    }

    [Fact]
    public async Task A_delay_outlives_the_server()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 2, delay: 3s}" });
        shop.WriteScript("turns: [[{crash: 3}], [{edit: {path: a.txt, content: x}}, {commit: A}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);
        await Until(shop, key, t => t.Pace.NotBefore is not null);
        Assert.Equal("delay", (await Why(shop, key)).Code);

        await shop.Restart(() => Task.CompletedTask);

        await Until(shop, key, t => t.Stage == Stage.Done);
        var runs = Runs(shop, key);
        Assert.Equal(2, runs.Count);
        Assert.True(runs[1].CreatedAt - runs[0].EndedAt >= TimeSpan.FromSeconds(3), "it did not wait");
    }

    [Fact]
    public async Task A_failed_gate_sends_the_work_back_with_its_output_and_the_mended_work_lands()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 0, rounds: 2}\ngates: [{name: test, run: \"test -e fixed.txt || { echo it is broken >&2; exit 9; }\"}]" });
        shop.WriteScript("turns: [[{edit: {path: a.txt, content: x}}, {commit: A}], [{edit: {path: fixed.txt, content: x}}, {commit: Mend}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);

        await Until(shop, key, t => t.Stage == Stage.Done);

        var runs = Runs(shop, key);
        Assert.Equal(2, runs.Count);
        Assert.Equal((runs[0].Attempt, runs[0].Conversation.VendorId), (runs[1].Attempt, runs[1].Conversation.VendorId));
        Assert.Contains("it is broken", shop.Order(runs[1]).Instruction!, StringComparison.Ordinal);
        Assert.Contains(shop.Events(key), e => e.Type == EventTypes.TicketSentBack);
    }

    [Fact]
    public async Task Work_that_is_sent_back_and_stays_as_it_was_is_blocked_instead_of_going_round()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 0, rounds: 5}\ngates: [{name: test, run: \"exit 9\"}]" });
        shop.WriteScript("turns: [[{edit: {path: a.txt, content: x}}, {commit: A}], [{say: I see nothing wrong.}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);

        await Until(shop, key, t => t.Blocked is not null);

        Assert.Equal(2, Runs(shop, key).Count);
        Assert.Contains("same commit", shop.Ticket(key).Blocked!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conflicting_work_is_sent_back_to_be_merged()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 0, rounds: 1}" });
        shop.WriteScript($"turns: [[{{edit: {{path: a.txt, content: theirs}}}}, {{commit: Theirs}}, {{wait_for: \"{shop.Sign("go")}\"}}], [{{tool: {{run: \"git merge -X ours -q -m Merge trunk\"}}}}]]");
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);
        await Workshop.Until(() => Runs(shop, key) is [{ State: RunState.Live } run] && shop.Repository.Run("log", "--format=%s", "-1", run.Attempt!.Value.Branch.Value).Contains("Theirs", StringComparison.Ordinal), () => Told(shop, key));
        shop.Repository.Write("a.txt", "mine");
        shop.Repository.Commit("Mine");
        shop.Give("go");

        await Until(shop, key, t => t.Stage == Stage.Done);

        Assert.Contains("a.txt", shop.Order(Runs(shop, key)[1]).Instruction!, StringComparison.Ordinal);
        Assert.Equal("theirs", shop.Repository.Read("a.txt"));
    }

    [Fact]
    public async Task A_role_at_its_limit_takes_no_more_and_why_says_so_with_the_place()
    {
        await using var shop = await Workshop.Open(Adds with { Agent = "count: 3", More = "limits: {roles: {coder: 1}}" });
        shop.WriteScript($"steps: [{{wait_for: \"{shop.Sign("go")}\"}}, {{edit: {{path: a.txt, content: x}}}}, {{commit: A}}]");
        TicketKey[] keys = [await shop.File("First"), await shop.File("Second"), await shop.File("Third")];
        foreach (var key in keys) await Move(shop, key, Stage.Ready);
        await Workshop.Until(() => Runs(shop, keys[0]) is [{ State: RunState.Live }], () => Told(shop, keys[0]));

        var why = await Why(shop, keys[2]);
        Assert.Equal("at_cap", why.Code);
        Assert.Contains("1 of those that wait for a coder come before it", why.Text, StringComparison.Ordinal);
        Assert.Single(shop.Journal.Read(BoardTable.Runs));
        shop.Give("go");
        await Until(shop, keys[2], t => t.Stage is Stage.Review or Stage.Merging or Stage.Done || t.Blocked is not null);
    }

    [Fact]
    public async Task A_run_that_was_to_be_cleaned_up_and_failed_is_not_tried_again()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 2, delay: 1s}" });
        shop.WriteScript("turns: [[{edit: {path: a.txt, content: x}}, {commit: A}, {crash: 3}], [{edit: {path: b.txt, content: x}}, {commit: B}]]");
        var key = await shop.File();
        await shop.Start(Workshop.Wish(key) with { Cleanup = true, Instruction = "Only probe it." });

        await Until(shop, key, t => t.Blocked is not null);

        Assert.Single(Runs(shop, key));
        Assert.Contains("--cleanup", shop.Ticket(key).Blocked!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_asked_of_a_run_is_asked_of_the_one_that_tries_it_again_in_a_fresh_conversation()
    {
        await using var shop = await Workshop.Open(Adds with { More = "retries: {most: 2, delay: 1s}" });
        shop.WriteScript("turns: [[{say: I begin.}, {error: 413}]]\ndefault: [{edit: {path: b.txt, content: x}}, {commit: B}]");
        var key = await shop.File();
        await shop.Start(Workshop.Wish(key) with { Instruction = "Keep the old name." });

        await Workshop.Until(() => Runs(shop, key) is [_, { BegunAt: not null }, ..], () => Told(shop, key));

        var again = Runs(shop, key)[1];
        Assert.Contains("itself what failed", again.FreshReason!, StringComparison.Ordinal);
        Assert.Contains("Keep the old name.", shop.Order(again).Prompt!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_that_was_removed_starts_nothing()
    {
        await using var shop = await Workshop.Open(Adds with { More = "limits: {roles: {coder: 0}}" });
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);
        await shop.Journal.Do(Priority.Urgent, tx => ProjectCommands.Remove(tx, ProjectTable.Get(tx, new("app"))!, Workshop.Ann));
        shop.Configure(Adds);

        Assert.Empty(shop.Journal.Read(BoardTable.Waiting));
        Assert.Equal("project_not_found", (await Assert.ThrowsAsync<Refusal>(() => Ask(shop, Workshop.Wish(key)))).Kind.Code);
        Assert.Equal("project_not_found", (await Why(shop, key)).Code);
    }

    [Fact]
    public async Task Only_a_persons_start_is_queued()
    {
        await using var shop = await Workshop.Open(Adds);
        var (need, key) = (await shop.File("Need"), await shop.File("Later"));
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Edit(tx, key, new(null, null, null, null, null, null) { DependsOn = [need.ToString()] }, Workshop.Ann));
        await Move(shop, key, Stage.Ready);

        var refused = await Assert.ThrowsAsync<Refusal>(() => Ask(shop, Workshop.Wish(key), new(PrincipalKind.Script, "ci")));

        Assert.Contains("only a human's start is queued", refused.Message, StringComparison.Ordinal);
        Assert.Equal(("dependencies", null), ((await Why(shop, key)).Code, shop.Ticket(key).Pace.Wish));
    }

    [Fact]
    public async Task What_the_gates_find_while_a_ticket_is_held_is_told_after_its_release()
    {
        await using var shop = await Workshop.Open(Adds);
        shop.Configure(Adds with { More = $"retries: {{most: 0, rounds: 3}}\ngates: [{{name: test, run: [/bin/sh, -c, 'until test -e \"$0\"; do sleep 0.05; done; exit 9', \"{shop.Sign("go")}\"]}}]" });
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);
        await Workshop.Until(() => shop.Events(key).Any(e => e.Type == EventTypes.GateStarted), () => Told(shop, key));
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Hold(tx, key, "lunch", Workshop.Ann));
        shop.Give("go");
        await Workshop.Until(() => shop.Events(key).Any(e => e.Type == EventTypes.LandingFailed), () => Told(shop, key));

        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Release(tx, key, Workshop.Ann));

        await Workshop.Until(() => Runs(shop, key).Count > 1, () => Told(shop, key));
        Assert.Contains("gate `test` failed", shop.Order(Runs(shop, key)[1]).Instruction!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_block_that_is_lifted_after_the_work_has_ended_well_lets_it_go_on()
    {
        await using var shop = await Workshop.Open(Adds);
        shop.WriteScript($"steps: [{{wait_for: \"{shop.Sign("go")}\"}}, {{edit: {{path: a.txt, content: x}}}}, {{commit: A}}]");
        var key = await shop.File();
        var run = await shop.Start(key);
        await shop.Live(run);
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Block(tx, key, "wait for design", Workshop.Ann));
        shop.Give("go");
        await Workshop.Until(() => shop.Get(run).State == RunState.Settled, () => Told(shop, key));

        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Unblock(tx, key, Workshop.Ann));

        await Until(shop, key, t => t.Stage == Stage.Done);
        Assert.Single(Runs(shop, key));
    }

    [Fact]
    public async Task One_projects_broken_repository_holds_up_no_other()
    {
        await using var shop = await Workshop.Open(Adds with { More = "limits: {roles: {coder: 0}}" });
        using var other = Sample.WithCommit();
        var repository = await other.Open(other.Clone);
        var bad = await shop.Journal.Do(Priority.Urgent, tx =>
        {
            ProjectCommands.Add(tx, repository, new ProjectNames("bad", null), new(null, "bad", "BAD"), Workshop.Ann);
            return TicketCommands.Add(tx, ProjectTable.Get(tx, new("bad"))!, new("bad", null, "x", null, null, null, [], null), Workshop.Ann);
        });
        var tree = other.Run("rev-parse", "HEAD^{tree}").Trim();
        var file = Path.Combine(other.Clone, ".git", "objects", tree[..2], tree[2..]);
        File.Delete(file);
        File.WriteAllText(file, "garbage");
        await Move(shop, TicketKey.Parse(bad.Key), Stage.Ready);
        var key = await shop.File();
        await Move(shop, key, Stage.Ready);

        shop.Configure(Adds);
        await shop.Journal.Do(Priority.Urgent, tx => TicketCommands.Edit(tx, key, new("Again", null, null, null, null, null), Workshop.Ann));

        await Until(shop, key, t => t.Stage == Stage.Done);
        Assert.StartsWith("Nothing starts in its project:", (await Why(shop, TicketKey.Parse(bad.Key))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_look_that_decides_nothing_writes_nothing()
    {
        await using var shop = await Workshop.Open(Adds);
        shop.WriteScript("steps: [hang]");
        await shop.Live(await shop.Start());
        var waiting = await shop.File("Second");
        await Move(shop, waiting, Stage.Ready);
        Assert.Equal("all_busy", (await Why(shop, waiting)).Code);
        List<EventRow> written = [];
        shop.Journal.Committed += events => { lock (written) written.AddRange(events.Where(e => e.About.Ticket == waiting)); };

        for (var i = 0; i < 50; i++)
        {
            var ground = await shop.Work.Start.Ground(waiting, Ct);
            Assert.All(Scheduler.Tick(shop.Journal.Read(db => shop.Work.Boards.Whole(db, [ground], TimeProvider.System.GetUtcNow()))), d => Assert.IsType<ClaimVerdict.Queued>(d.Verdict));
        }

        lock (written) Assert.Empty(written);
    }

    [Fact]
    [Trait("row", "H12")]
    public async Task Many_who_ask_for_the_same_ticket_at_once_get_one_run()
    {
        await using var shop = await Workshop.Open(Adds with { Agent = "count: 4" });
        shop.WriteScript("steps: [hang]");
        var key = await shop.File();

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            try
            {
                return (object)await Ask(shop, Workshop.Wish(key));
            }
            catch (Refusal refusal)
            {
                return refusal;
            }
        }));

        Assert.Single(answers.OfType<Reservation.Made>());
        Assert.All(answers.OfType<Refusal>(), r => Assert.Equal("already_active", r.Kind.Code));
        Assert.Single(Runs(shop, key));
    }
}
