/* says: ranges_each() met it in use before */
/* without: walk(2, 1); */
