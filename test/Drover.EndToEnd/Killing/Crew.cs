namespace Drover.EndToEnd.Killing;

/// <summary>The project of a scenario: three tickets, three agents that work on them at once, post_create and a gate that leave a line for each time they
/// run. What lands depends on every prompt and every steer of mode next being followed exactly once.</summary>
internal abstract class Crew : IAsyncDisposable
{
    public static Crew Scripted() => new ScriptedCrew();

    public abstract IReadOnlyList<Work> All { get; }

    /// <summary>Writes the repository and whatever the agents need.</summary>
    public async Task Settle(Site site)
    {
        site.Write("drover.yaml", $"""
            name: kill
            agents:
            {await Agents(site)}
            post_create:
              - name: note
                run: echo "$PWD" >> {site.Shared}/post_create
            gates:
              - name: check
                run: sh check.sh && git rev-parse 'HEAD^{"{tree}"}' >> {site.Shared}/gates
            merge: auto
            sandbox:
              write: [{site.Shared}]
              read: [{site.Root}/script.yaml]
            """);
        site.Write("check.sh", "for f in src/*; do grep -q 'ok$' \"$f\" || { echo \"$f is not ok\"; exit 1; }; done\n");
        site.Write("src/first.txt", "first ok\n");
        site.Commit("First");
    }

    /// <summary>Waits until the agent is in the middle of its first turn; it goes on when the file <c>KEY.go</c> appears.</summary>
    public abstract Task Began(Site site, Work work);

    /// <summary>The files that the work leaves on the target branch, with their content.</summary>
    public abstract IReadOnlyDictionary<string, string> Files(Work work);

    /// <summary>Every message of a user that the work's agent has in its conversation at the end.</summary>
    public abstract IEnumerable<string> Messages(Site site, Work work);

    public virtual ValueTask DisposeAsync() => default;

    /// <summary>The roster, indented by two.</summary>
    protected abstract Task<string> Agents(Site site);
}

/// <param name="Agent">The slot that works on it.</param>
internal sealed record Work(string Key, string Agent)
{
    /// <summary>Whether it leaves a file uncommitted, however it is asked.</summary>
    public bool LeavesDirt { get; init; }

    public string Prompt => $"PROMPT<{Key}>";

    /// <summary>A steer for the next turn.</summary>
    public string Next => $"NEXT<{Key}>";

    /// <summary>A steer into the running turn.</summary>
    public string Now => $"NOW<{Key}>";
}
