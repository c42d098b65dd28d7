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
using static Drover.Server.Tests.Scheduling.SchedulingShop;

namespace Drover.Server.Tests.Scheduling;

public sealed class SchedulerLoopTests
{
    [Fact]
    public async Task A_ticket_that_is_given_the_go_is_worked_on_and_lands_without_another_word()
    {
        await using var shop = await Workshop.Open(Adds);
        var key = await shop.File();

        await Move(shop, key, Stage.Ready);
        await Until(shop, key, t => t.Stage == Stage.Done);

        var run = Assert.Single(RunsOf(shop, key));
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
        Assert.Empty(RunsOf(shop, second));

        shop.WriteScript("steps: [{edit: {path: b.txt, content: x}}, {commit: B}]");
        shop.Give("go");
        await Until(shop, second, t => t.Stage == Stage.Done);
        var run = Assert.Single(RunsOf(shop, second));
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
        Assert.Equal("coder-2", Assert.Single(RunsOf(shop, key)).Agent);
    }

    [Fact]
    public async Task A_role_at_its_limit_takes_no_more_and_why_says_so_with_the_place()
    {
        await using var shop = await Workshop.Open(Adds with { Agent = "count: 3", More = "limits: {roles: {coder: 1}}" });
        shop.WriteScript($"steps: [{{wait_for: \"{shop.Sign("go")}\"}}, {{edit: {{path: a.txt, content: x}}}}, {{commit: A}}]");
        TicketKey[] keys = [await shop.File("First"), await shop.File("Second"), await shop.File("Third")];
        foreach (var key in keys) await Move(shop, key, Stage.Ready);
        await Workshop.Until(() => RunsOf(shop, keys[0]) is [{ State: RunState.Live }], () => Told(shop, keys[0]));

        var why = await Why(shop, keys[2]);
        Assert.Equal("at_cap", why.Code);
        Assert.Contains("1 of those that wait for a coder come before it", why.Text, StringComparison.Ordinal);
        Assert.Single(shop.Journal.Read(BoardTable.Runs));
        shop.Give("go");
        await Until(shop, keys[2], t => t.Stage is Stage.Review or Stage.Merging or Stage.Done || t.Blocked is not null);
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
        Assert.Single(RunsOf(shop, key));
    }
}
