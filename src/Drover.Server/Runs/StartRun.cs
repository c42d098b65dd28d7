using Drover.Api;
using Drover.Core;
using Drover.Node.Spooling;
using Drover.Server.Config;
using Problems = Drover.Api.Problems;
using Drover.Server.Http;
using Drover.Server.Journaling;
using Drover.Server.Landing;
using Drover.Server.Projects;
using Drover.Server.Scheduling;

namespace Drover.Server.Runs;

/// <summary>What a start rests on, found out before its transaction: the target branch's tip, which the new branch will begin at, and the settings of that commit.</summary>
/// <param name="Warning">What is wrong with the newest <c>drover.yaml</c> while an earlier one is in force; null when all is well.</param>
internal sealed record RunGround(OpenProject Project, BranchName Target, CommitSha Tip, ProjectConfig Config, string? Warning)
{
    /// <summary>Entries of the roster whose programs were found not to work, and why.</summary>
    public required IReadOnlyDictionary<string, string> Unfit { get; init; }
}

/// <param name="Agent">A roster entry or one of its slots; null for whichever is free.</param>
internal sealed record RunWish(TicketKey Ticket, string? Agent, Role Role, string? Instruction, bool NoWorktree, bool Cleanup)
{
    /// <summary>The settled run whose attempt, and conversation where it can be had, is gone on with.</summary>
    public RunRow? Source { get; init; }

    /// <summary>Whether that conversation stays as it is, and the run gets a copy.</summary>
    public bool Forks { get; init; }

    /// <summary>Whether the source's conversation is not gone on with: it is itself what failed.</summary>
    public bool BeginsAnew { get; init; }

    /// <summary>What was found wrong with the ticket's work and stands in the instruction.</summary>
    public IReadOnlyList<FeedbackRow> Findings { get; init; } = [];
}

/// <summary>What became of a wish for a run.</summary>
internal abstract record Reservation
{
    private Reservation() { }

    /// <summary>The run that was made.</summary>
    /// <exception cref="Refusal">There is no room, and whoever asked does not queue.</exception>
    public RunRow OrRefuse() => this switch
    {
        Made made => made.Run,
        Waits waits => throw new Refusal(Problems.AtCap, $"{waits.Why.Text}; try again when that has changed"),
        _ => throw new InvalidOperationException($"{this} is no reservation"),
    };

    internal sealed record Made(RunRow Run) : Reservation;

    internal sealed record Waits(ClaimVerdict.Queued Why) : Reservation;
}

/// <param name="Slot">The name under which it works, <c>coder-2</c>.</param>
internal sealed record ChosenAgent(AgentConfig Entry, string Slot);

/// <summary>Starts a run: finds the ground, then reserves row, name, agent and attempt in one transaction. Everything slow comes later, in the run's own loop.</summary>
internal sealed class StartRun(RunPlace place, MachineConfig machine, Boards boards)
{
    private const int LongestInstruction = 100_000;

    /// <exception cref="Refusal">The project cannot be worked in as it is.</exception>
    public async Task<RunGround> Ground(TicketKey ticket, CancellationToken ct)
    {
        var row = place.Journal.Read(db => TicketTable.Get(db, ticket) is { } t ? ProjectTable.Get(db, t.Project) : null)
            ?? throw new Refusal(Problems.TicketNotFound, $"there is no ticket {ticket}; 'drover ticket list' shows what there is");
        if (row.RemovedAt is not null) throw new Refusal(Problems.ProjectNotFound, $"the project of {ticket} was removed; 'drover project add' in its repository takes it up again");
        CheckDisk();
        try
        {
            var project = await place.Projects.Get(row, ct);
            return await project.Now(null, ct) switch
            {
                ProjectNow.At { Config.Config: { } config } at => new(project, at.Target, at.Tip, config, at.Config.Warning) { Unfit = place.Proofs.Unfit(config) },
                ProjectNow.At at => throw new Refusal(Problems.InvalidConfiguration, at.Config.Warning ?? "drover.yaml cannot be used"),
                ProjectNow.Unusable unusable => throw new Refusal(Problems.UnusableRepository, unusable.Why),
                var other => throw new InvalidOperationException($"{other} is no state of a project"),
            };
        }
        catch (ProjectUnusableException e)
        {
            throw new Refusal(Problems.UnusableRepository, e.Message);
        }
    }

    /// <summary>The reservation: judges and takes all in one transaction, so that two can never take the same.</summary>
    /// <exception cref="Refusal">It may not start as things are.</exception>
    public Reservation Reserve(Tx tx, RunGround ground, RunWish wish, Principal who)
    {
        Check(wish, who);
        if (wish.NoWorktree) CheckCheckout(tx, ground, who);
        var ticket = TicketTable.Get(tx, wish.Ticket)!;
        var claim = new Claim(ticket.Key, wish.Role, wish.Agent) { ByHuman = who.IsHuman, GoesOn = wish.Source is not null && who.Kind != PrincipalKind.Server };
        return ClaimRules.Judge(boards.Of(tx, ground, ticket.Key, tx.Now), claim) switch
        {
            ClaimVerdict.Start start => new Reservation.Made(Make(tx, ground, wish, ticket, new(ground.Config.Agents.First(a => a.Name == start.Agent.Name), start.Slot), who)),
            ClaimVerdict.Queued queued => new Reservation.Waits(queued),
            ClaimVerdict.Refused refused => throw Refused(refused, ticket),
            var other => throw new InvalidOperationException($"{other} is no answer to a claim"),
        };
    }

    private RunRow Make(Tx tx, RunGround ground, RunWish wish, TicketRow ticket, ChosenAgent agent, Principal who)
    {
        var id = RunId.New(place.Random);
        var attempt = wish switch
        {
            { NoWorktree: true } => null,
            { Source: { Attempt: { } same } source } => AttemptTable.Get(tx, source.Project, same)!,
            _ => Attempt(tx, ground, ticket),
        };
        var settings = RunSettings.Of(ground.Config, agent.Entry, Program(agent.Entry), ground.Target);
        var name = RunName.Candidates(wish.Role, ticket.Key).First(n => RunTable.ByName(tx, ticket.Project, n) is null);
        var past = wish is { BeginsAnew: true, Source: { } broken } ? new PastConversation(null, $"the conversation of {broken.Name} was itself what failed") : wish.Source is { } earlier ? PastConversation.Of(tx, place, earlier, settings, attempt?.Worktree, agent.Entry.Adapter) : null;
        if (wish.Forks) Forking.Check(place, ground, agent.Entry, settings, wish.Source!, past!);
        var run = new RunRow(
            id, ticket.Project, ticket.Key, attempt?.Id, wish.Role, agent.Slot, agent.Entry.Adapter, name, NodeId.Local, null, wish.Source?.Id, RunState.Reserved,
            tx.Now, null, null, wish.NoWorktree, wish.Cleanup, attempt?.Worktree ?? ground.Project.Repository.TopLevel, attempt?.Base ?? ground.Tip, settings.Model)
        {
            Entry = agent.Entry.Name,
            Account = agent.Entry.Account,
            Conversation = wish.Forks ? new(null, null) : new(past?.Row?.Id, past?.Row?.VendorId),
            ResumeVendorId = past?.Row?.VendorId,
            ForkOf = wish.Forks ? past?.Row?.Id : null,
            FreshReason = past?.FreshReason,
        };
        RunTable.Insert(tx, run, new(wish.Instruction, null, settings.ToJson(), []), Secret.Hash(place.Tokens.TokenOf(id)));
        tx.Emit(EventTypes.RunReserved, new(run.Project, run.Ticket, id), who, EventBody.Object(
            ("name", name.Value), ("agent", agent.Slot), ("role", wish.Role.Word()), ("attempt", attempt?.Id.ToString()),
            ("resumeOf", wish.Source?.Id.Value), (wish.Forks ? "forkOf" : "conversation", past?.Row?.VendorId), ("fresh", past?.FreshReason)));
        if (ground.Warning is { } warning) tx.Emit(EventTypes.Log, new(run.Project, run.Ticket, id), RunActor.Loop, EventBody.Object(("level", "warn"), ("text", warning)));
        Go(tx, ticket, name, who);
        TicketTable.Begun(tx, ticket.Key);
        foreach (var finding in wish.Findings) FeedbackTable.Give(tx, finding, id);
        return run;
    }

    private static void Check(RunWish wish, Principal who)
    {
        if (wish.Role != Role.Coder) throw new Refusal(Problems.InvalidValue, "is 'coder': runs of other roles cannot be started by hand yet", "role");
        if (who.Kind != PrincipalKind.Server && wish.Instruction is { Length: > LongestInstruction }) throw new Refusal(Problems.TooLarge, $"is at most {LongestInstruction} characters", "instruction");
    }

    private static Refusal Refused(ClaimVerdict.Refused refused, TicketRow ticket) => new(refused.Cause switch
    {
        RefusalCause.NoTicket => Problems.TicketNotFound,
        RefusalCause.Final or RefusalCause.WrongStage => Problems.IllegalMove,
        RefusalCause.Held => Problems.Held,
        RefusalCause.Blocked => Problems.Blocked,
        RefusalCause.NeedsGo => Problems.HumanOnly,
        RefusalCause.UnknownAgent or RefusalCause.NoAgent => Problems.AgentNotFound,
        RefusalCause.UnfitAgent => Problems.AgentUnfit,
        RefusalCause.AlreadyActive or RefusalCause.RoleTaken => Problems.AlreadyActive,
    }, refused.Cause == RefusalCause.Held && ticket.Held is { } held ? $"{ticket.Key} is held by {held.By}: {held.Reason}. 'drover ticket release {ticket.Key}' lets it go on" : refused.Text);

    /// <summary>The user's own checkout is one place, and only its user gives it away.</summary>
    private static void CheckCheckout(Tx tx, RunGround ground, Principal who)
    {
        if (!who.IsHuman) throw new Refusal(Problems.HumanOnly, "only a human lets an agent into their own checkout");
        if (ground.Project.Repository.TopLevel is null)
            throw new Refusal(Problems.UnusableRepository, $"{ground.Project.Row.Path} is a bare repository: there is no checkout to work in; leave --no-worktree out");
        if (RunTable.Active(tx).Find(r => r.NoWorktree && r.Project == ground.Project.Row.Id) is { } other)
            throw new Refusal(Problems.AlreadyActive, $"{other.Name} works in that checkout; 'drover run stop {other.Name}' ends it");
    }

    private void CheckDisk()
    {
        var space = DiskSpace.Of(place.Home);
        if (space.IsBelow(machine.DiskFloor))
            throw new Refusal(Problems.Unavailable, $"the disk of {place.Home} has {space.Free / 1_000_000} MB left, and no run starts below {machine.DiskFloor / 1_000_000} MB; free some, or lower disk_floor in config.yaml of the state directory");
    }

    /// <summary>The ticket's open attempt is gone on with; else a new one begins at the target's tip.</summary>
    private static AttemptRow Attempt(Tx tx, RunGround ground, TicketRow ticket)
    {
        if (AttemptTable.Of(tx, ticket.Key).FindLast(a => a.ClosedAt is null && a.WorktreeState != WorktreeState.Removing) is { } open) return open;
        var id = AttemptTable.NextId(tx, ticket.Project, ticket.Key.ToString());
        var row = new AttemptRow(
            ticket.Project, id, ticket.Key, id.Branch, NodeId.Local, ground.Project.Worktrees.PathOf(id.Directory), WorktreeState.Making,
            ground.Tip, ground.Target, null, null, null, null, null, tx.Now);
        AttemptTable.Insert(tx, row);
        tx.Emit(EventTypes.AttemptOpened, new(ticket.Project, ticket.Key), RunActor.Loop, EventBody.Object(
            ("attempt", id.ToString()), ("branch", id.Branch.Value), ("base", ground.Tip.Value)));
        return row;
    }

    private IReadOnlyList<string> Program(AgentConfig entry) =>
        entry.Command.Count > 0 ? entry.Command : machine.Agents.GetValueOrDefault(entry.Adapter) ?? [];

    /// <summary>A start by a human is the go: the ticket goes as far as coding, and what blocked it is lifted, with the name of who did.</summary>
    private static void Go(Tx tx, TicketRow ticket, RunName run, Principal who)
    {
        var about = new Subject(ticket.Project, ticket.Key);
        LandingCommands.Abandon(tx, ticket, $"{run} was started", who);
        if (TicketTable.Unblock(tx, ticket.Key))
            tx.Emit(EventTypes.TicketUnblocked, about, who, EventBody.Object(("reason", $"{run} was started"), ("was", ticket.Blocked?.Reason)));
        foreach (var (from, to) in (ReadOnlySpan<(Stage, Stage)>)[(Stage.Backlog, Stage.Ready), (Stage.Ready, Stage.Coding), (Stage.Review, Stage.Coding), (Stage.Merging, Stage.Coding)])
        {
            if (TicketTable.Move(tx, ticket.Key, from, to))
                tx.Emit(EventTypes.TicketMoved, about, who, EventBody.Object(("from", from.Word()), ("to", to.Word()), ("reason", $"{run} was started")));
        }
    }
}
