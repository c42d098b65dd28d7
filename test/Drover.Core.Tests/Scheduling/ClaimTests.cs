using Xunit;

namespace Drover.Core.Tests.Scheduling;

public sealed class ClaimTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 22, 0, 0, TimeSpan.Zero);
    private static readonly ProjectId Project = new("app");
    private static readonly TicketKey Key = new("APP", 12);

    private static readonly BoardAgent[] Roster =
    [
        new("coder", ["coder-1", "coder-2"], new HashSet<Role> { Role.Coder }, "claude", "user"),
        new("other", ["other"], new HashSet<Role> { Role.Coder, Role.Reviewer }, "pi", "user"),
        new("lead", ["lead"], new HashSet<Role> { Role.Orchestrator }, "claude", "user"),
    ];

    private static readonly ProjectCaps Wide = new(100, new Dictionary<Role, int>(), new Dictionary<string, int>(), new Dictionary<string, int>(), new Dictionary<Stage, int>());

    private static BoardTicket Ticket(Stage stage = Stage.Ready) => new(Key, Project, stage, 5, Now);

    private static BoardRun Run(string slot, Role role = Role.Coder, TicketKey? ticket = null)
    {
        var agent = Roster.Single(a => a.Slots.Contains(slot));
        return new(new($"{role.Word()}-x"), Project, ticket ?? new TicketKey("APP", 99), role, slot, agent.Name, agent.Adapter, agent.Account);
    }

    private static ClaimVerdict Judge(Claim claim, BoardTicket ticket, BoardRun[]? runs = null, ProjectCaps? caps = null, Circuit[]? circuits = null, string? closed = null, BoardAgent[]? roster = null) =>
        ClaimRules.Judge(new(Now, 50, [new(Project, roster ?? Roster, caps ?? Wide) { Closed = closed }], [ticket], runs ?? []) { Circuits = circuits ?? [] }, claim);

    private static Claim Wants(Role role = Role.Coder, string? agent = null, bool human = false) => new(Key, role, agent) { ByHuman = human };

    private static void Starts(string slot, ClaimVerdict verdict) => Assert.Equal(slot, Assert.IsType<ClaimVerdict.Start>(verdict).Slot);

    private static string Queued(QueueCause cause, ClaimVerdict verdict)
    {
        var queued = Assert.IsType<ClaimVerdict.Queued>(verdict);
        Assert.Equal(cause, queued.Cause);
        return queued.Text;
    }

    private static string Refused(RefusalCause cause, ClaimVerdict verdict)
    {
        var refused = Assert.IsType<ClaimVerdict.Refused>(verdict);
        Assert.Equal(cause, refused.Cause);
        return refused.Text;
    }

    [Fact]
    [Trait("row", "H2")]
    public void An_agent_that_is_not_in_the_roster_is_refused_whatever_else_is_wrong()
    {
        var text = Refused(RefusalCause.UnknownAgent, Judge(Wants(agent: "codr"), Ticket(Stage.Merging), [Run("coder-1", ticket: Key)]));
        Assert.Contains("coder, other, lead", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "H4")]
    public void A_humans_start_is_the_go_and_nobody_elses()
    {
        Starts("coder-1", Judge(Wants(human: true), Ticket(Stage.Backlog)));
        Assert.Contains("drover ticket move APP-12 ready", Refused(RefusalCause.NeedsGo, Judge(Wants(), Ticket(Stage.Backlog))), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("row", "H4")]
    [Trait("row", "H5")]
    public void A_role_starts_at_its_own_stage_only_and_the_refusal_says_what_helps()
    {
        foreach (var stage in Enum.GetValues<Stage>().Where(s => !s.IsFinal()))
        {
            foreach (var (role, at) in new (Role, Stage[])[] { (Role.Coder, [Stage.Ready, Stage.Coding]), (Role.Reviewer, [Stage.Review]) })
            {
                var verdict = Judge(Wants(role), Ticket(stage));
                if (at.Contains(stage)) Assert.IsType<ClaimVerdict.Start>(verdict);
                else if (stage != Stage.Backlog || role != Role.Coder) Assert.Contains(stage.Word(), Refused(RefusalCause.WrongStage, verdict), StringComparison.Ordinal);
            }

            Starts("lead", Judge(Wants(Role.Orchestrator), Ticket(stage)));
        }

        Refused(RefusalCause.Final, Judge(Wants(human: true), Ticket(Stage.Done)));
    }

    [Fact]
    [Trait("row", "H6")]
    [Trait("row", "H7")]
    public void The_preferred_agent_is_taken_or_waited_for_and_one_that_cannot_is_as_none()
    {
        Starts("other", Judge(Wants(), Ticket() with { Prefers = "other" }));
        Starts("coder-2", Judge(Wants(), Ticket() with { Prefers = "coder-2" }));
        Assert.Contains("other on APP-99", Queued(QueueCause.PreferredBusy, Judge(Wants(), Ticket() with { Prefers = "other" }, [Run("other")])), StringComparison.Ordinal);
        Starts("coder-1", Judge(Wants(), Ticket() with { Prefers = "nobody" }));
        Starts("coder-1", Judge(Wants(), Ticket() with { Prefers = "lead" }));
        Starts("coder-2", Judge(Wants(agent: "coder-2"), Ticket() with { Prefers = "other" }));
    }

    [Fact]
    [Trait("row", "H7")]
    public void Without_a_name_the_first_free_agent_of_the_role_is_taken_and_all_busy_means_queued()
    {
        Starts("coder-1", Judge(Wants(), Ticket()));
        Starts("coder-2", Judge(Wants(), Ticket(), [Run("coder-1")]));
        Starts("other", Judge(Wants(), Ticket(), [Run("coder-1"), Run("coder-2")]));
        var text = Queued(QueueCause.AllBusy, Judge(Wants(), Ticket(), [Run("coder-1"), Run("coder-2"), Run("other", Role.Reviewer)]));
        Assert.Contains("coder-1 on APP-99", text, StringComparison.Ordinal);
        Refused(RefusalCause.NoAgent, Judge(Wants(Role.Merger), Ticket(Stage.Merging)));
    }

    [Fact]
    public void Work_that_goes_on_waits_for_the_entry_that_began_it()
    {
        Starts("other", Judge(Wants(), Ticket(Stage.Coding) with { GoesOnWith = "other" }));
        Queued(QueueCause.PreferredBusy, Judge(Wants(), Ticket(Stage.Coding) with { GoesOnWith = "other" }, [Run("other")]));
        Starts("coder-2", Judge(Wants(), Ticket(Stage.Coding) with { GoesOnWith = "coder" }, [Run("coder-1")]));
        Starts("coder-1", Judge(Wants(), Ticket(Stage.Coding) with { GoesOnWith = "gone" }));
    }

    [Fact]
    [Trait("row", "H8")]
    public void The_same_agent_is_not_started_twice_on_a_ticket() =>
        Refused(RefusalCause.AlreadyActive, Judge(Wants(agent: "coder-1"), Ticket(Stage.Coding), [Run("coder-1", ticket: Key)]));

    [Fact]
    [Trait("row", "H9")]
    public void A_role_is_taken_once_on_a_ticket_and_who_writes_excludes_who_writes_too()
    {
        Refused(RefusalCause.RoleTaken, Judge(Wants(agent: "other"), Ticket(Stage.Coding), [Run("coder-1", ticket: Key)]));
        Refused(RefusalCause.RoleTaken, Judge(Wants(), Ticket(Stage.Coding), [Run("coder-1", Role.Merger, Key)]));
        Starts("lead", Judge(Wants(Role.Orchestrator), Ticket(Stage.Coding), [Run("lead", Role.Orchestrator, Key)]));
    }

    [Fact]
    [Trait("row", "H10")]
    public void A_named_agent_that_works_elsewhere_is_waited_for()
    {
        Assert.Contains("coder-1 on APP-99", Queued(QueueCause.NamedBusy, Judge(Wants(agent: "coder-1"), Ticket(), [Run("coder-1")])), StringComparison.Ordinal);
        Starts("coder-2", Judge(Wants(agent: "coder"), Ticket(), [Run("coder-1")]));
        Queued(QueueCause.NamedBusy, Judge(Wants(), Ticket() with { Wish = "coder-1" }, [Run("coder-1")]));
    }

    [Fact]
    [Trait("row", "H54")]
    public void The_checks_have_an_order_and_the_first_failure_is_the_answer()
    {
        var everything = Ticket(Stage.Review) with { NotBefore = Now.AddHours(1), WaitsFor = [new(new("APP", 1), Stage.Coding)] };
        BoardRun[] busy = [Run("coder-1", ticket: Key), Run("coder-2"), Run("other")];
        var none = Wide with { Runs = 0 };

        Refused(RefusalCause.Held, Judge(Wants(agent: "codr"), everything with { Held = true }, busy, none));
        Refused(RefusalCause.UnknownAgent, Judge(Wants(agent: "codr"), everything, busy, none));
        Refused(RefusalCause.WrongStage, Judge(Wants(), everything, busy, none));
        var here = everything with { Stage = Stage.Ready };
        Refused(RefusalCause.AlreadyActive, Judge(Wants(agent: "coder-1"), here, busy, none));
        Refused(RefusalCause.RoleTaken, Judge(Wants(agent: "other"), here, busy, none));
        Queued(QueueCause.Closed, Judge(Wants(), here, busy[1..], none, closed: "the budget is spent"));
        Queued(QueueCause.Settling, Judge(Wants(), here with { Unanswered = true }, busy[1..], none));
        Queued(QueueCause.Dependencies, Judge(Wants(), here, busy[1..], none));
        Queued(QueueCause.Delay, Judge(Wants(), here with { WaitsFor = [] }, busy[1..], none));
        Queued(QueueCause.AtCap, Judge(Wants(human: true), here, busy[1..], none));
        Starts("coder-1", Judge(Wants(human: true), here, busy[1..]));
        Starts("coder-1", Judge(Wants(), here with { Asked = true }, busy[1..]));
        // Work that has begun waits for no other ticket any more: that one may wait for the place that this one takes.
        Starts("coder-1", Judge(Wants(), here with { Stage = Stage.Coding, NotBefore = null }, busy[1..]));
    }

    [Fact]
    public void Each_limit_holds_at_its_number_and_not_before()
    {
        BoardRun[] one = [Run("coder-1")];
        foreach (var (caps, full) in new (ProjectCaps, bool)[]
        {
            (Wide with { Runs = 1 }, true), (Wide with { Runs = 2 }, false),
            (Wide with { Roles = new Dictionary<Role, int> { [Role.Coder] = 1 } }, true), (Wide with { Roles = new Dictionary<Role, int> { [Role.Coder] = 2, [Role.Reviewer] = 0 } }, false),
        })
        {
            if (full) Queued(QueueCause.AtCap, Judge(Wants(), Ticket(), one, caps));
            else Starts("coder-2", Judge(Wants(), Ticket(), one, caps));
            Starts("lead", Judge(Wants(Role.Orchestrator), Ticket(), one, caps));
        }

        // An entry or an adapter that is full leaves the others.
        Starts("other", Judge(Wants(), Ticket(), one, Wide with { Agents = new Dictionary<string, int> { ["coder"] = 1 } }));
        Starts("other", Judge(Wants(), Ticket(), one, Wide with { Adapters = new Dictionary<string, int> { ["claude"] = 1 } }));
        Queued(QueueCause.AtCap, Judge(Wants(agent: "coder"), Ticket(), one, Wide with { Adapters = new Dictionary<string, int> { ["claude"] = 1 } }));
        Queued(QueueCause.AtCap, Judge(Wants(agent: "coder"), Ticket(), one, Wide with { Agents = new Dictionary<string, int> { ["coder"] = 1 } }));
    }

    [Fact]
    public void A_full_stage_takes_no_new_work_and_holds_up_none_that_has_begun()
    {
        foreach (var stage in (Stage[])[Stage.Coding, Stage.Review, Stage.Merging])
        {
            var other = new BoardTicket(new("APP", 1), Project, stage, 5, Now);
            var caps = Wide with { Stages = new Dictionary<Stage, int> { [stage] = 1 } };
            ClaimVerdict Of(BoardTicket ticket) => ClaimRules.Judge(new(Now, 50, [new(Project, Roster, caps)], [ticket, other], []), Wants());
            Assert.Contains(stage.Word(), Queued(QueueCause.AtCap, Of(Ticket())), StringComparison.Ordinal);
            Starts("coder-1", Of(Ticket(Stage.Coding)));
        }
    }

    [Fact]
    public void A_vendor_that_refuses_is_waited_for_and_agents_of_others_are_not()
    {
        var circuit = new Circuit("claude", "user", null, Now.AddHours(1), "usage limit");
        Starts("other", Judge(Wants(), Ticket(), circuits: [circuit]));
        var waits = Assert.IsType<ClaimVerdict.Queued>(Judge(Wants(agent: "coder"), Ticket(), circuits: [circuit]));
        Assert.Equal((QueueCause.Circuit, circuit.Until), (waits.Cause, waits.Until));
        Starts("coder-1", Judge(Wants(), Ticket(), circuits: [circuit with { Until = Now }]));
        Starts("coder-1", Judge(Wants(), Ticket(), circuits: [circuit with { Account = "coder" }]));
        Starts("coder-1", Judge(Wants(), Ticket(), circuits: [circuit with { Model = "large" }]));
    }

    [Fact]
    public void A_program_that_does_not_work_is_passed_over_and_named_when_nobody_else_is_there()
    {
        var broken = Roster.Select(a => a with { Unfit = a.Name == "coder" ? "coder crashed in its tool call" : null }).ToArray();
        Starts("other", Judge(Wants(), Ticket(), roster: broken));
        Assert.Contains("drover doctor --agent coder", Refused(RefusalCause.UnfitAgent, Judge(Wants(agent: "coder"), Ticket(), roster: broken)), StringComparison.Ordinal);
        Refused(RefusalCause.UnfitAgent, Judge(Wants(), Ticket(), roster: [.. broken.Where(a => a.Name != "other")]));
    }

    [Fact]
    public void The_machines_limit_counts_all_projects()
    {
        var elsewhere = Run("other") with { Project = new("web") };
        var board = new Board(Now, 1, [new(Project, Roster, Wide)], [Ticket()], [elsewhere]);
        Assert.Contains("config.yaml", Queued(QueueCause.AtCap, ClaimRules.Judge(board, Wants())), StringComparison.Ordinal);
        Starts("coder-1", ClaimRules.Judge(board with { MostRuns = 2 }, Wants()));
    }
}
