using Drover.Core;
using Drover.Server.Config;
using Drover.Server.Journaling;
using Drover.Server.Runs;

namespace Drover.Server.Scheduling;

/// <summary>Makes the board of rows and of the settings in force.</summary>
internal sealed class Boards(MachineConfig machine)
{
    /// <summary>Everything that may need an agent, of these projects.</summary>
    public Board Whole(Db db, IReadOnlyList<RunGround> grounds, DateTimeOffset now)
    {
        var needs = BoardTable.Needs(db);
        return new(now, MostRuns, [.. grounds.Select(Project)], [.. BoardTable.Waiting(db).Select(t => t with { WaitsFor = [.. needs[t.Key]] })], BoardTable.Runs(db)) { InStages = BoardTable.InStages(db) };
    }

    /// <summary>What is needed to judge a claim of one ticket.</summary>
    public Board Of(Db db, RunGround ground, TicketKey ticket, DateTimeOffset now) => new(
        now, MostRuns, [Project(ground)], BoardTable.Get(db, ticket) is { } row ? [row with { WaitsFor = BoardTable.Needs(db, ticket) }] : [], BoardTable.Runs(db))
    { InStages = BoardTable.InStages(db) };

    private int MostRuns => machine.Runs ?? Math.Max(4, 2 * Environment.ProcessorCount);

    private static BoardProject Project(RunGround ground) => new(
        ground.Project.Row.Id, [.. ground.Config.Agents.Select(a => Agent(a, ground.Unfit))], ground.Config.Limits.Caps);

    private static BoardAgent Agent(AgentConfig agent, IReadOnlyDictionary<string, string> unfit) =>
        new(agent.Name, [.. agent.Slots], agent.Roles, agent.Adapter, agent.Account) { Model = agent.Model, Unfit = unfit.GetValueOrDefault(agent.Name) };
}
