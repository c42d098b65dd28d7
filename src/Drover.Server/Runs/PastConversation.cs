using Drover.Agents;
using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>The conversation that a run goes on with, or why it begins one of its own.</summary>
/// <param name="FreshReason">Null when it goes on.</param>
internal sealed record PastConversation(ConversationRow? Row, string? FreshReason)
{
    /// <param name="source">The run that held it.</param>
    /// <param name="worktree">Where the new run will work.</param>
    /// <param name="adapter">The new run's; null when there is none of that name.</param>
    public static PastConversation Of(Tx tx, RunPlace place, RunRow source, RunSettings settings, string? worktree, IAdapter? adapter)
    {
        if (source.Conversation.Id is not { } id || ConversationTable.Get(tx, id) is not { } row)
            return new(null, $"{source.Name} has recorded no conversation");
        if (adapter is not { Capabilities.Resumes: true }) return new(null, $"the adapter {adapter?.Name} cannot go on with an earlier conversation");
        var ordered = RunSettings.Parse(RunTable.OrderOf(tx, source.Id)!.Settings).Model;
        var now = new ConversationBond(NodeId.Local, adapter.Name, Launching.HomeOf(place, source.Project, settings), worktree ?? "", settings.Model);
        return ConversationRules.Mismatch(new(row.Node, row.Adapter, row.Home, row.WorkingDirectory, ordered), row.Model, now) is { } why
            ? new(null, why) : new(row, null);
    }
}
