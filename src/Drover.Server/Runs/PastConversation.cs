using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Runs;

/// <summary>The conversation that a run goes on with, or why it begins one of its own.</summary>
/// <param name="FreshReason">Null when it goes on.</param>
internal sealed record PastConversation(ConversationRow? Row, string? FreshReason)
{
    /// <param name="source">The run that held it.</param>
    /// <param name="worktree">Where the new run will work.</param>
    /// <param name="adapter">The new run's.</param>
    public static PastConversation Of(Tx tx, RunPlace place, RunRow source, RunSettings settings, string? worktree, string adapter)
    {
        if (source.Conversation.Id is not { } id || ConversationTable.Get(tx, id) is not { } row)
            return new(null, $"{source.Name} has recorded no conversation");
        if (Resumption.Obstacle(place, adapter, settings) is { } obstacle) return new(null, obstacle);
        var ordered = RunSettings.Parse(RunTable.OrderOf(tx, source.Id)!.Settings).Model;
        var now = new ConversationBond(NodeId.Local, adapter, Launching.HomeOf(place, source.Project, settings), worktree ?? "", settings.Model);
        return ConversationRules.Mismatch(new(row.Node, row.Adapter, row.Home, row.WorkingDirectory, ordered), row.Model, now) is { } why
            ? new(null, why) : new(row, null);
    }
}
