using Xunit;
using System.Text;
using Drover.Server.Config;

namespace Drover.Server.Tests.Config;

internal static class Reading
{
    internal static readonly string[] Adapters = ["stream", "acp"];

    internal static ConfigRead<ProjectConfig> Project(string yaml) =>
        ConfigFile.ReadProject(Encoding.UTF8.GetBytes(yaml), "drover.yaml", Adapters, "shop");

    internal static ProjectConfig Good(string yaml)
    {
        var read = Project(yaml);
        Assert.Empty(read.Problems);
        return read.Value!;
    }

    /// <summary>The problems as their lines, of a file that has some.</summary>
    internal static string[] Bad(string yaml)
    {
        var read = Project(yaml);
        Assert.Null(read.Value);
        Assert.NotEmpty(read.Problems);
        return [.. read.Problems.Select(p => p.ToString())];
    }
}
