using System.Runtime.InteropServices;

namespace Drover.Bench.Places;

/// <summary>The programs that are measured: those of the same build as the benchmark itself.</summary>
internal static class Programs
{
    public static string Drover => Built("Drover.Cli", "drover");

    public static string Server => Built("Drover.Server", "drover-server");

    public static string Rehearsal => Built("Drover.Rehearsal", "drover-rehearsal");

    public static string Hello => Built("Hello", "hello.dll");

    public static string DotnetRoot => Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    public static string Dotnet => Path.Combine(DotnetRoot, "dotnet");

    private static string Built(string project, string file)
    {
        var build = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        var path = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../..", project, build, file));
        return File.Exists(path) ? path : throw new BenchException($"{path} is missing: './dev bench' builds it");
    }
}
