namespace Drover.Node.Repositories;

/// <summary>What every git command of the server is told, whatever the repository's configuration says. A worktree holds what an agent wrote;
/// nothing in it or in the configuration may make the server's git run a program of its own accord.</summary>
internal static class GitSettings
{
    public static readonly string[] Fixed =
    [
        "core.hooksPath=/dev/null",
        "core.fsmonitor=false",
        "core.untrackedCache=keep",
        "core.safecrlf=false",
        "core.pager=cat",
        "core.quotePath=false",
        "core.filesRefLockTimeout=2000",
        "core.packedRefsTimeout=5000",
        "commit.gpgSign=false",
        "tag.gpgSign=false",
        "log.showSignature=false",
        "merge.verifySignatures=false",
        "merge.renormalize=false",
        "credential.helper=",
        "core.askPass=",
        // Drover never talks to a remote: neither git nor a helper may.
        "protocol.allow=never",
        "gc.auto=0",
        "maintenance.auto=false",
        // Initialised submodules hold repositories that an agent may have configured: they are neither entered nor changed.
        "submodule.recurse=false",
        "diff.ignoreSubmodules=dirty",
        "status.submoduleSummary=false",
        "i18n.commitEncoding=UTF-8",
        "i18n.logOutputEncoding=UTF-8",
        "advice.detachedHead=false",
    ];

    /// <summary>What makes a ref or an object survive a power failure, at the price of some milliseconds.</summary>
    public static readonly string[] Durable = ["core.fsync=all", "core.fsyncMethod=fsync"];

    private static readonly string[] Inherited =
        ["PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"];

    /// <summary>The environment from an allow-list. The user's and the machine's own configuration stay in force: they hold the committer,
    /// the ignored files and <c>safe.directory</c>, and no sandboxed agent can write them.</summary>
    public static Dictionary<string, string> Environment(Func<string, string?> variable)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LC_ALL"] = "C",
            ["GIT_TERMINAL_PROMPT"] = "0",
            ["GIT_OPTIONAL_LOCKS"] = "0",
            ["GIT_LITERAL_PATHSPECS"] = "1",
            ["GIT_NO_REPLACE_OBJECTS"] = "1",
            ["GIT_EDITOR"] = "false",
        };
        foreach (var name in Inherited)
        {
            if (variable(name) is { Length: > 0 } value) environment[name] = value;
        }

        return environment;
    }
}
