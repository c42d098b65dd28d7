using System.Globalization;

namespace Drover.Core;

/// <summary>A run's name: unique in its project, fit for a ref, at most 80 characters; by default made of role and ticket (<c>coder-app-12</c>).</summary>
public readonly record struct RunName(string Value)
{
    public const int Longest = 80;

    public override string ToString() => Value;

    /// <summary>The names to try in order: <c>coder-app-12</c>, <c>coder-app-12-2</c>, …</summary>
    public static IEnumerable<RunName> Candidates(Role role, TicketKey? ticket)
    {
        var stem = ticket is { } key ? $"{role.Word()}-{key.ToString().ToLowerInvariant()}" : role.Word();
        return Enumerable.Range(1, int.MaxValue).Select(n => new RunName(n == 1 ? stem : $"{stem}-{n.ToString(CultureInfo.InvariantCulture)}"));
    }
}
