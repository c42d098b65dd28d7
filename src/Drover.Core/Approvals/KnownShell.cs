namespace Drover.Core;

/// <summary>Which programs are taken for a shell, so that what they are told to run can be looked at in their stead.</summary>
public static class KnownShell
{
    private static readonly string[] s_names = ["sh", "bash", "zsh", "dash", "ksh"];

    /// <summary>Where shells are installed. One that lies elsewhere, in a worktree say, may be any program that was given a shell's name.</summary>
    private static readonly string[] s_directories = ["", "/bin/", "/usr/bin/", "/usr/local/bin/", "/opt/homebrew/bin/", "/run/current-system/sw/bin/"];

    /// <param name="program">As it stands in a command line: a name that is looked for on the PATH, or a path.</param>
    public static bool Is(string program)
    {
        var name = program.LastIndexOf('/') + 1;
        return s_directories.Contains(program[..name]) && s_names.Contains(program[name..]);
    }
}
