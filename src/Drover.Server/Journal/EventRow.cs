using Drover.Core;

namespace Drover.Server.Journaling;

/// <summary>What an event speaks of. A run's events name its ticket and project too.</summary>
internal readonly record struct Subject(ProjectId? Project, TicketKey? Ticket = null, RunId? Run = null)
{
    internal static readonly Subject Server = new(null);
}

/// <summary>An entry of the journal.</summary>
/// <param name="Seq">Ascending over the whole journal, without holes when written, and never given out twice.</param>
/// <param name="Type">A word of <see cref="EventTypes"/>.</param>
/// <param name="Data">A JSON object as text.</param>
internal sealed record EventRow(long Seq, string Type, Subject About, Principal Actor, DateTimeOffset At, string Data);
