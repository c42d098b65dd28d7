using Drover.Api;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>What turns and runs used and cost. Tokens and vendors' figures are facts of the journal; the cost is made of them afresh each time.</summary>
internal sealed class UsageView(PriceTable prices)
{
    public IReadOnlyList<TurnJson> Turns(IReadOnlyList<TurnRow> turns) => [.. turns.Select(t => new TurnJson(
        t.Number, t.OpenedAt, t.EndedAt, t.Result?.Outcome.Word(), t.Result?.Class.Word(), t.Result?.Reason, t.Model, Show(t.Usage, CostRules.Of(Use(t), prices))))];

    public UsageJson Of(RunRow run, IReadOnlyList<TurnRow> turns) => Show(run.Usage, CostOf(run, turns));

    /// <summary>Of all runs of a ticket together.</summary>
    public UsageJson Of(Db db, IReadOnlyList<RunRow> runs) => Show(
        runs.Aggregate(new RunUsage(0, 0, 0, 0, null), (sum, run) => new(sum.Input + run.Usage.Input, sum.Output + run.Usage.Output,
            sum.CacheRead + run.Usage.CacheRead, sum.CacheWrite + run.Usage.CacheWrite, null)),
        runs.Aggregate(Cost.None, (sum, run) => sum + CostOf(run, TurnTable.Of(db, run.Id))));

    /// <summary>The turns, and what the agent used outside of any.</summary>
    private Cost CostOf(RunRow run, IReadOnlyList<TurnRow> turns)
    {
        var (input, output, read, write) = (turns.Sum(t => t.Usage.Input), turns.Sum(t => t.Usage.Output), turns.Sum(t => t.Usage.CacheRead), turns.Sum(t => t.Usage.CacheWrite));
        var rest = new Tokens(run.Usage.Input - input, run.Usage.Output - output, run.Usage.CacheRead - read, run.Usage.CacheWrite - write);
        var reported = run.Usage.Usd - turns.Sum(t => t.Usage.Usd ?? 0) is { } more and not 0 ? more : (decimal?)null;
        return CostRules.Of([.. turns.Select(Use), new TurnUse(run.Model, run.CreatedAt, rest, reported)], prices);
    }

    private static TurnUse Use(TurnRow turn) =>
        new(turn.Model, turn.OpenedAt, new(turn.Usage.Input, turn.Usage.Output, turn.Usage.CacheRead, turn.Usage.CacheWrite), turn.Usage.Usd);

    private static UsageJson Show(RunUsage used, Cost cost) => new(
        used.Input, used.Output, used.CacheRead, used.CacheWrite, cost.Usd, cost.Basis.Word(), cost.Reported, cost.Estimated, cost.IsPartial);
}
