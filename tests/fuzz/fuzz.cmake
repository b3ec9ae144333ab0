# Every tests/fuzz/fuzz_<name>.cpp is a fuzz target. The `fuzz` preset links it with libFuzzer;
# every other build links it with replay.cpp and runs it over corpus/<name>/ as a test, so that
# targets never rot and old findings stay fixed.
file(GLOB fuzz_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/fuzz_*.cpp)
foreach(source ${fuzz_sources})
    get_filename_component(target ${source} NAME_WE)
    string(REGEX REPLACE "^fuzz_" "" name ${target})
    add_executable(${target} ${source})
    target_link_libraries(${target} PRIVATE fw_test_support)
    if(name STREQUAL "budget")
        target_link_libraries(${target} PRIVATE fw_budget)
    endif()
    if(FW_FUZZ)
        target_compile_definitions(${target} PRIVATE FW_FUZZ=1)
        target_link_options(${target} PRIVATE -fsanitize=fuzzer)
        set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
    else()
        target_sources(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/replay.cpp)
        set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
        add_test(NAME ${target} COMMAND ${target} ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${name})
        set_tests_properties(${target} PROPERTIES TIMEOUT 300 ENVIRONMENT "LC_ALL=C.UTF-8")
    endif()
endforeach()

# Findings have pictures. What reads them needs no toolkit, but lies in a library that does.
if(FW_FUZZ)
    include(${PROJECT_SOURCE_DIR}/views/scene/tokens.cmake)
    fw_tokens(${PROJECT_SOURCE_DIR}/resources/theme/tokens.json
              ${PROJECT_BINARY_DIR}/generated/views/scene/tokens.inc)
    foreach(source app/present/color_pairs app/present/display_list_json
            app/present/display_list_read app/present/json_text app/present/pinned_finding
            views/scene/display_list views/scene/theme)
        target_sources(fuzz_findings PRIVATE ${PROJECT_SOURCE_DIR}/${source}.cpp)
    endforeach()
    target_link_libraries(fuzz_findings PRIVATE fw_simdjson)
else()
    target_link_libraries(fuzz_findings PRIVATE fw_present)
endif()

if(NOT FW_FUZZ)
    # The patches that plant defects (see README.md) must keep applying.
    add_test(NAME fuzz_planted_patches_apply
             COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/fuzz/planted.sh --check)
endif()
