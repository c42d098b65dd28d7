namespace Drover.Core.Tests.Simulation;

/// <summary>The whole system over Core, with a clock of its own: what are rows, loops and processes elsewhere are lists and a queue of moments here. The same seed gives the same day.</summary>
internal sealed class World
{
    private static readonly Principal s_human = new(PrincipalKind.Human, "ann");

    private readonly Random _random;
    private readonly Fates _fates;
    private readonly BoardProject _project;
    private readonly int _mostRuns;
    private readonly List<SimTicket> _tickets = [];
    private readonly List<SimRun> _runs = [];
    private readonly Dictionary<TicketKey, DateTimeOffset> _landings = [];
    private int _made;

    public World(int seed)
    {
        _random = new(seed);
        _fates = new(_random);
        Now = new(2026, 11, 20, 22, 0, 0, TimeSpan.Zero);
        _project = Roster.Random(_random);
        _mostRuns = _random.Next(1, 12);
        var count = _random.Next(2, 40);
        foreach (var number in Enumerable.Range(1, count))
        {
            _tickets.Add(new()
            {
                Key = new("SIM", number),
                Priority = _random.Next(1, 10),
                Review = (ReviewWay)_random.Next(4),
                // Only on earlier ones: cycles are refused where a relation is made.
                DependsOn = [.. Enumerable.Range(1, number - 1).Where(_ => _random.Next(4 * count) < 6).Select(n => new TicketKey("SIM", n))],
                Prefers = _random.Next(5) == 0 ? _project.Agents[_random.Next(_project.Agents.Count)].Name : null,
                Since = Now,
            });
        }
    }

    public DateTimeOffset Now { get; private set; }

    public List<string> Trace { get; } = [];

    public IReadOnlyList<SimTicket> Tickets => _tickets;

    public IReadOnlyList<SimRun> Runs => _runs;

    public Board Board => new(Now, _mostRuns, [_project], [.. _tickets.Where(t => !t.Stage.IsFinal()).Select(Row)], [.. _runs.Select(r => r.Row)]);

    /// <summary>One step: the scheduler looks and its starts are made, or the server dies before all are; then time goes on to the next thing that happens.</summary>
    /// <returns>False when nothing will happen any more.</returns>
    public bool Step()
    {
        var decisions = Scheduler.Tick(Board);
        if (_random.Next(10) == 0) Invariants.OfTick(Board, decisions, Trace);
        foreach (var decision in decisions)
        {
            if (decision.Verdict is not ClaimVerdict.Start) continue;
            if (_random.Next(50) == 0)
            {
                Note("the server dies with decisions unmade");
                break;
            }

            Start(decision.Ticket, decision.Role);
        }

        Invariants.OfState(this, Board, _project, _mostRuns);
        if (_random.Next(10) == 0) Human();
        foreach (var ticket in _tickets) Go(ticket, Pipeline.OfReview(ticket.Facts));
        return Pass();
    }

    /// <summary>A reservation judges once more, on the rows as they are then.</summary>
    private void Start(TicketKey key, Role role)
    {
        if (ClaimRules.Judge(Board, new(key, role)) is not ClaimVerdict.Start start) return;
        var ticket = Of(key);
        var run = new BoardRun(new($"{role.Word()}-{++_made}"), _project.Id, key, role, start.Slot, start.Agent.Name, start.Agent.Adapter, start.Agent.Account);
        var end = Now + _fates.Length();
        _runs.Add(new(run, end, _fates.Of(start.Agent.Name, end)));
        ticket.NotBefore = null;
        if (role == Role.Coder) Move(ticket, Stage.Coding, $"{run.Name} starts");
        else Note($"{key}: {run.Name} starts");
    }

    private bool Pass()
    {
        List<DateTimeOffset> moments = [.. _runs.Select(r => r.EndsAt), .. _landings.Values, .. _tickets.Where(t => !t.Stage.IsFinal() && t.Blocked is null).Select(t => t.NotBefore).OfType<DateTimeOffset>()];
        var next = moments.Where(m => m > Now).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        if (next == DateTimeOffset.MaxValue) return Scheduler.Tick(Board).Any(d => d.Verdict is ClaimVerdict.Start) || _tickets.Any(IsAtHumans) && Answer();
        Now = next;
        foreach (var run in _runs.Where(r => r.EndsAt <= Now).ToList()) End(run);
        foreach (var key in _landings.Where(l => l.Value <= Now).Select(l => l.Key).ToList()) Land(Of(key));
        return true;
    }

    private void End(SimRun run)
    {
        _runs.Remove(run);
        var ticket = Of(run.Row.Ticket!.Value);
        Note($"{ticket.Key}: {run.Row.Name} ends as {run.Ending.Outcome.Word()} {run.Ending.Class.Word()}");
        var before = ticket.Retries;
        Go(ticket, Pipeline.AfterRun(ticket.Facts, run.Row.Role, run.Row.Name, run.Ending, Now, PipelineLimits.Usual));
        Invariants.OfEnding(ticket, before, run.Ending, Now);
        if (run.Ending.Outcome != Outcome.Succeeded) return;
        ticket.Retries = 0;
        if (run.Row.Role == Role.Reviewer) Judge(ticket);
        else if (run.Row.Role == Role.Merger) ticket.NeedsMerger = false;
        if (run.Row.Role == Role.Merger) Queue(ticket);
    }

    private void Judge(SimTicket ticket) => Go(ticket, _random.Next(3) == 0
        ? Pipeline.SentBack(ticket.Facts, "changes are requested", PipelineLimits.Usual) : Pipeline.Approved(ticket.Facts, s_human));

    private void Land(SimTicket ticket)
    {
        _landings.Remove(ticket.Key);
        if (ticket is not { Stage: Stage.Merging, Held: false, Blocked: null } || _runs.Exists(r => r.Row.Ticket == ticket.Key)) return;
        switch (_random.Next(8))
        {
            case 0: Go(ticket, Pipeline.SentBack(ticket.Facts, "a gate failed", PipelineLimits.Usual)); break;
            case 1 when _project.Agents.Any(a => a.Roles.Contains(Role.Merger)):
                ticket.NeedsMerger = true;
                Note($"{ticket.Key}: conflict");
                break;
            default: Move(ticket, Stage.Done, "landed"); break;
        }
    }

    private void Human()
    {
        var ticket = _tickets[_random.Next(_tickets.Count)];
        if (ticket.Stage.IsFinal()) return;
        switch (_random.Next(6))
        {
            case 0: ticket.Held = true; Note($"{ticket.Key}: held"); break;
            case 1 or 2: ticket.Held = false; Release(ticket); break;
            case 3 when _runs.TrueForAll(r => r.Row.Ticket != ticket.Key): Move(ticket, Stage.Cancelled, "a human cancels"); break;
            default: Release(ticket); break;
        }
    }

    /// <summary>What an unblocked ticket waited for is begun again.</summary>
    private void Release(SimTicket ticket)
    {
        (ticket.Blocked, ticket.Retries, ticket.Rounds) = (null, 0, 0);
        Note($"{ticket.Key}: released");
        if (ticket.Stage == Stage.Merging) Queue(ticket);
    }

    private bool IsAtHumans(SimTicket t) => t is { Stage: Stage.Review, Review: ReviewWay.Human or ReviewWay.Gates, Held: false, Blocked: null };

    private bool Answer()
    {
        foreach (var ticket in _tickets.Where(IsAtHumans).ToList()) Judge(ticket);
        return true;
    }

    private void Go(SimTicket ticket, PipelineMove move)
    {
        switch (move)
        {
            case PipelineMove.Stay: break;
            case PipelineMove.To to: Move(ticket, to.Stage, to.Reason); break;
            case PipelineMove.Back back: ticket.Rounds++; Move(ticket, Stage.Coding, back.Reason); break;
            case PipelineMove.Block block: ticket.Blocked = block.Reason; Note($"{ticket.Key}: blocked: {block.Reason}"); break;
            case PipelineMove.Again again:
                if (again.Counts) ticket.Retries++;
                ticket.NotBefore = again.At;
                Note($"{ticket.Key}: again at {again.At:HH:mm:ss}");
                break;
            default: throw new InvalidOperationException($"{move}");
        }
    }

    private void Move(SimTicket ticket, Stage to, string why)
    {
        if (ticket.Stage == to) { Note($"{ticket.Key}: {why}"); return; }
        Invariants.OfMove(ticket, to);
        Note($"{ticket.Key}: {ticket.Stage.Word()} -> {to.Word()}: {why}");
        (ticket.Stage, ticket.Since) = (to, Now);
        if (to == Stage.Merging) Queue(ticket);
    }

    private void Queue(SimTicket ticket) => _landings[ticket.Key] = Now + TimeSpan.FromSeconds(_random.Next(1, 300));

    private SimTicket Of(TicketKey key) => _tickets[key.Number - 1];

    private void Note(string what) => Trace.Add($"{Now:HH:mm:ss} {what}");

    private BoardTicket Row(SimTicket ticket) => new(ticket.Key, _project.Id, ticket.Stage, ticket.Priority, ticket.Since)
    {
        Blocked = ticket.Blocked is not null,
        Held = ticket.Held,
        Prefers = ticket.Prefers,
        NotBefore = ticket.NotBefore,
        WaitsFor = [.. ticket.DependsOn.Where(d => Of(d).Stage != Stage.Done).Select(d => new BoardNeed(d, Of(d).Stage))],
        Review = ticket.Review,
        NeedsMerger = ticket.NeedsMerger,
    };
}
