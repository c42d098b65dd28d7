using Drover.Core;
using Drover.Node.Keeping;

namespace Drover.Node.Containing;

/// <summary>Finds the processes of one job, again and again: by descent from its keeper and from all that were found before, by its marker, by its cgroup,
/// and by a working directory below its own. The keeper and this server with its ancestors are never among them.</summary>
internal sealed class Members(JobDirectory job, JobRecord record, Identity? identity)
{
    private readonly HashSet<(int Pid, ulong StartTime)> _known = [];

    /// <summary>Processes of this user that could not be looked into in the last search, and could belong to the job.</summary>
    internal int Unseen { get; private set; }

    internal IReadOnlyList<ProcessRow> Find()
    {
        var table = ProcessTable.Read();
        var protectedPids = Protected(table);
        var roots = new Stack<int>(_known.Where(k => table.TryGetValue(k.Pid, out var row) && row.StartTime == k.StartTime).Select(k => k.Pid));
        if (KeeperIn(table)) roots.Push(identity!.Keeper.Pid);
        if (record.Cgroup is { } cgroup) foreach (var pid in Cgroups.Members(cgroup)) roots.Push(pid);
        Unseen = 0;
        foreach (var row in table.Values.Where(r => r.StartTime >= record.NotBefore && IsOurs(r, protectedPids))) roots.Push(row.Pid);

        var children = table.Values.ToLookup(r => r.Parent, r => r.Pid);
        var found = new Dictionary<int, ProcessRow>();
        var seen = new HashSet<int>();
        while (roots.TryPop(out var pid))
        {
            if (!seen.Add(pid) || !table.TryGetValue(pid, out var row)) continue;
            foreach (var child in children[pid]) roots.Push(child);
            if (!protectedPids.Contains(pid)) found[pid] = row;
        }

        foreach (var row in found.Values) _known.Add((row.Pid, row.StartTime));
        return [.. found.Values];
    }

    private bool KeeperIn(Dictionary<int, ProcessRow> table) =>
        identity is not null && table.TryGetValue(identity.Keeper.Pid, out var row) && row.StartTime == identity.Keeper.StartTime;

    private bool IsOurs(ProcessRow row, HashSet<int> aboveUs)
    {
        switch (ProcessTable.Marker(row.Pid, out var marker))
        {
            case Sight.Seen when marker is not null: return marker == job.Id.Value;
            case Sight.Seen: return IsStray(row, aboveUs);
            case Sight.Gone: return false;
            case Sight.Refused:
                if (ProcessTable.User(row.Pid) == Native.UserId()) Unseen++;
                return false;
        }

        return false;
    }

    /// <summary>A process that has shed its marker and its parents but stayed below the job's directory. Orphans fall to a process above this server; a human's
    /// shell or editor in that directory has a terminal or a parent of its own.</summary>
    private bool IsStray(ProcessRow row, HashSet<int> aboveUs) =>
        row.Terminal == 0
        && row.Parent != Environment.ProcessId && aboveUs.Contains(row.Parent)
        && ProcessTable.TryReadWorkingDirectory(row.Pid) is { } directory
        && (directory + "/").StartsWith(record.WorkingDirectory.TrimEnd('/') + "/", StringComparison.Ordinal);

    private HashSet<int> Protected(Dictionary<int, ProcessRow> table)
    {
        var pids = new HashSet<int> { 0, 1 };
        if (KeeperIn(table)) pids.Add(identity!.Keeper.Pid);
        for (var pid = Environment.ProcessId; pids.Add(pid) && table.TryGetValue(pid, out var row);) pid = row.Parent;
        return pids;
    }
}
