using System.Globalization;
using Drover.Core;

namespace Drover.Node.Keeping;

/// <summary>The line that a keeper leaves about itself.</summary>
/// <param name="Reaper">Whether orphans below the keeper become its children.</param>
internal sealed record Identity(ProcessIdentity Keeper, ProcessIdentity Pump, bool Reaper)
{
    /// <summary>Null when there is none yet, or when a power loss has left an empty one.</summary>
    internal static Identity? Read(JobDirectory job) => TextFile.TryRead(job.Identity) is { } text ? TryParse(text) : null;

    private static Identity? TryParse(string text)
    {
        var f = text.TrimEnd('\n').Split(' ');
        if (!text.EndsWith('\n') || f.Length != 6) return null;
        return Process(f[0], f[1], f[2]) is { } keeper && Process(f[3], f[4], f[2]) is { } pump ? new(keeper, pump, f[5] == "1") : null;
    }

    private static ProcessIdentity? Process(string pid, string start, string boot) =>
        int.TryParse(pid, NumberStyles.None, CultureInfo.InvariantCulture, out var p) && p > 0
        && ulong.TryParse(start, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
            ? new(NodeId.Local, boot, p, s) : null;
}
