namespace Drover.Core;

/// <summary>Who is at work: the board's runs, counted once so that each claim is judged in a few look-ups. <see cref="Take"/> adds a run that has been decided on.</summary>
internal sealed class Crew
{
    private readonly Dictionary<(ProjectId, string), BoardRun> _bySlot = [];
    private readonly Dictionary<TicketKey, List<BoardRun>> _byTicket = [];
    private readonly Dictionary<(ProjectId, Role), int> _byRole = [];
    private readonly Dictionary<(ProjectId, string), int> _byAgent = [];
    private readonly Dictionary<(ProjectId, string), int> _byAdapter = [];
    private readonly Dictionary<ProjectId, int> _byProject = [];
    private readonly Dictionary<(ProjectId, Stage), int> _inStage = [];
    private readonly Dictionary<(ProjectId, Role), ClaimVerdict.Queued> _full = [];

    public Crew(Board board)
    {
        if (board.InStages is { } counted) foreach (var (stage, count) in counted) _inStage[stage] = count;
        else foreach (var ticket in board.Tickets) Add(_inStage, (ticket.Project, ticket.Stage));
        foreach (var run in board.Runs) Take(run);
    }

    /// <summary>Runs that count for the machine's limit.</summary>
    public int All { get; private set; }

    public void Take(BoardRun run)
    {
        if (run.Ticket is { } ticket)
        {
            if (!_byTicket.TryGetValue(ticket, out var runs)) _byTicket[ticket] = runs = [];
            runs.Add(run);
        }

        if (run.Role.IsExempt()) return;
        _full.Clear();
        _bySlot.TryAdd((run.Project, run.Slot), run);
        All++;
        Add(_byProject, run.Project);
        Add(_byRole, (run.Project, run.Role));
        Add(_byAgent, (run.Project, run.Agent));
        Add(_byAdapter, (run.Project, run.Adapter));
    }

    /// <summary>A decided start brings its ticket into another stage.</summary>
    public void Move(ProjectId project, Stage from, Stage to)
    {
        if (from == to) return;
        _inStage[(project, from)] = InStage(project, from) - 1;
        Add(_inStage, (project, to));
    }

    /// <summary>What the last one was told who found no agent of the role free. Nobody becomes free while a board is looked at, so the next is told the same.</summary>
    public ClaimVerdict.Queued? Full(ProjectId project, Role role) => _full.GetValueOrDefault((project, role));

    public ClaimVerdict.Queued Remember(ProjectId project, Role role, ClaimVerdict.Queued verdict) => _full[(project, role)] = verdict;

    public BoardRun? At(ProjectId project, string slot) => _bySlot.GetValueOrDefault((project, slot));

    public IReadOnlyList<BoardRun> On(TicketKey ticket) => _byTicket.GetValueOrDefault(ticket) ?? [];

    public int OfProject(ProjectId project) => _byProject.GetValueOrDefault(project);

    public int OfRole(ProjectId project, Role role) => _byRole.GetValueOrDefault((project, role));

    public int OfAgent(ProjectId project, string agent) => _byAgent.GetValueOrDefault((project, agent));

    public int OfAdapter(ProjectId project, string adapter) => _byAdapter.GetValueOrDefault((project, adapter));

    public int InStage(ProjectId project, Stage stage) => _inStage.GetValueOrDefault((project, stage));

    private static void Add<T>(Dictionary<T, int> counts, T key) where T : notnull => counts[key] = counts.GetValueOrDefault(key) + 1;
}
