using System.Globalization;
using Drover.Node.Keeping;

namespace Drover.Node.Containing;

/// <param name="StartTime">Clock ticks after boot.</param>
/// <param name="Terminal">Zero when the process has no controlling terminal.</param>
internal readonly record struct ProcessRow(int Pid, string Name, int Parent, char State, int Terminal, ulong StartTime)
{
    /// <summary>A zombie has ended; only its parent has not yet asked.</summary>
    internal bool IsDead => State is 'Z' or 'X' or 'x';
}

/// <summary>What a look at one pid showed.</summary>
internal enum Probe { Alive, Dead, Unknown }

/// <summary>Whether a process let itself be looked into.</summary>
internal enum Sight { Seen, Gone, Refused }

/// <summary>The processes of the machine at one moment, as far as this user sees them.</summary>
internal static class ProcessTable
{
    /// <summary>All living processes by pid. Throws <see cref="IOException"/> when <c>/proc</c> cannot be read.</summary>
    internal static Dictionary<int, ProcessRow> Read()
    {
        var rows = new Dictionary<int, ProcessRow>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && TryReadRow(pid) is { IsDead: false } row)
                rows[pid] = row;
        }

        return rows.Count > 0 ? rows : throw new IOException("/proc shows no process");
    }

    /// <summary>Whether the process with that pid and start time lives. A failure to read is <see cref="Probe.Unknown"/>, never a death.</summary>
    internal static Probe Look(int pid, ulong startTime)
    {
        try
        {
            return TryReadRow(pid) is { IsDead: false } row && row.StartTime == startTime ? Probe.Alive
                : TryReadRow(Environment.ProcessId) is not null ? Probe.Dead
                : Probe.Unknown;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Probe.Unknown;
        }
    }

    /// <summary>Null when there is no such process.</summary>
    internal static ProcessRow? TryReadRow(int pid)
    {
        var text = TryReadFile(pid, "stat");
        return text is null ? null : Parse(pid, text);
    }

    /// <summary>Reads the run marker out of the process's first environment; <paramref name="marker"/> is null when it carries none.</summary>
    internal static Sight Marker(int pid, out string? marker)
    {
        const string Start = JobDirectory.Marker + "=";
        marker = null;
        try
        {
            if (TryReadFile(pid, "environ") is not { } text) return Sight.Gone;
            marker = text.Split('\0').FirstOrDefault(v => v.StartsWith(Start, StringComparison.Ordinal))?[Start.Length..];
            return Sight.Seen;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Sight.Refused;
        }
    }

    /// <summary>The process's number in each PID namespace it belongs to, outermost first; empty when the process is gone.</summary>
    internal static int[] NamespacePids(int pid) => StatusField(pid, "NSpid:") is { } field
        ? [.. field.Split('\t', StringSplitOptions.RemoveEmptyEntries).Select(n => int.Parse(n, CultureInfo.InvariantCulture))]
        : [];

    /// <summary>The process's real user, or null when it is gone.</summary>
    internal static uint? User(int pid) => StatusField(pid, "Uid:") is { } field
        ? uint.Parse(field.Split('\t', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture) : null;

    internal static string? TryReadWorkingDirectory(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/cwd", returnFinalTarget: false)?.FullName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? StatusField(int pid, string name) =>
        TryReadFile(pid, "status")?.Split('\n').FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal))?[name.Length..].Trim();

    private static string? TryReadFile(int pid, string name)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/{name}"));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException || (e as IOException)?.HResult == Native.NoSuchProcess)
        {
            return null;
        }
    }

    private static ProcessRow? Parse(int pid, string stat)
    {
        // The name may hold anything, closing brackets too: the fields begin after the last one.
        var close = stat.LastIndexOf(')');
        var name = stat[(stat.IndexOf('(') + 1)..close];
        var f = stat[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return f.Length < 20 ? null : new(pid, name, int.Parse(f[1], CultureInfo.InvariantCulture), f[0][0],
            int.Parse(f[4], CultureInfo.InvariantCulture), ulong.Parse(f[19], CultureInfo.InvariantCulture));
    }
}
