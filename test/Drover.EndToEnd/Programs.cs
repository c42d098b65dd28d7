namespace Drover.EndToEnd;

/// <summary>Where the built programs are. They are run as a user would run them, from the build's output.</summary>
internal static class Programs
{
    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    public static string Rehearsal => Built("Drover.Rehearsal", "drover-rehearsal");

    public static string Server => Built("Drover.Server", "drover-server");

    public static string Cli => Built("Drover.Cli", "drover");

    private static string Built(string project, string program)
    {
        // artifacts/bin/PROJECT/CONFIGURATION, of the same configuration as these tests.
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        var path = Path.Combine(Root, "artifacts", "bin", project, configuration, program);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is not built; run ./dev build");
    }

    private static string FindRoot(string directory) =>
        File.Exists(Path.Combine(directory, "Drover.slnx"))
            ? directory
            : FindRoot(Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("no Drover.slnx above the tests"));
}
