using System.Text;

namespace Drover.Node.Repositories;

/// <summary>Content filters of the configuration. A filter is a command; one that names a script of the tree would run what an agent wrote, outside
/// its sandbox. So in Drover's own worktrees only the two that are programs of their own run (git-lfs, git-crypt), and the others are off.</summary>
internal static class Filters
{
    private static readonly string[] Known = ["git-lfs", "git-crypt"];

    /// <summary>The settings (<c>-c</c>) that switch the repository's other filters off.</summary>
    public static async Task<IReadOnlyList<string>> Off(Repository repository, CancellationToken cancellation)
    {
        var found = await repository.Run(cancellation, "config", "-z", "--get-regexp", @"^filter\..*\.(clean|smudge|process)$");
        var settings = new List<string>();
        foreach (var record in found.Records.Select(r => Encoding.UTF8.GetString(r)))
        {
            var end = record.IndexOf('\n');
            if (end < 0 || Known.Contains(record[(end + 1)..].Split(' ')[0].Trim('"'))) continue;
            var name = record[..record.LastIndexOf('.', end)];
            settings.AddRange([$"{record[..end]}=", $"{name}.required=false"]);
        }

        return settings;
    }
}
