using Drover.Core;
using Drover.Server.Journaling;

namespace Drover.Server.Feeding;

/// <summary>Which events a subscriber wants. Null = all.</summary>
/// <param name="Kinds">Words of <see cref="EventTypes"/>; live deltas are not among them.</param>
internal sealed record FeedFilter(ProjectId? Project = null, TicketKey? Ticket = null, RunId? Run = null, IReadOnlySet<string>? Kinds = null)
{
    internal static readonly FeedFilter Everything = new();

    internal bool Wants(EventRow row) => Wants(row.About) && (Kinds is null || Kinds.Contains(row.Type));

    internal bool Wants(Subject about) =>
        (Run is null || about.Run == Run) && (Ticket is null || about.Ticket == Ticket) && (Project is null || about.Project == Project);
}
